"""What leaves with an organization."""

from parvis.foundation.export import exported, left_out

exported("webhooks.Webhook")
left_out("webhooks.Delivery", because="a log of some weeks, of answers that other systems gave")
