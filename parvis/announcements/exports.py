"""What leaves with an organization."""

from parvis.foundation.export import exported

exported("announcements.Announcement")
exported("announcements.AudienceGroup")
exported("announcements.Edition")
exported("announcements.Recipient", without=("next_step_at",))
exported("announcements.Acknowledgement")
exported("announcements.Reminder")
exported("announcements.Evidence")
exported("announcements.Announcer")
