"""What leaves with an organization."""

from parvis.foundation.export import left_out

left_out("notifications.Notification", because="a pointer to what happened, which is exported itself")
