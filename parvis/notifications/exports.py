"""What leaves with an organization."""

from parvis.foundation.export import exported, left_out

left_out("notifications.Notification", because="a pointer to what happened, which is exported itself")
exported("notifications.SpaceLevel")
exported("notifications.KindChoice")
exported("notifications.Pause")
left_out("notifications.OpenedThread", because="what somebody looked at, for their next digest alone")
