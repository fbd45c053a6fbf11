"""What leaves with an organization."""

from parvis.foundation.export import exported, left_out

left_out("delivery.Turn", because="what is about to leave; elsewhere it would leave again")
left_out("delivery.Told", because="what had been carried by channels of this installation")
exported("delivery.Choice")
