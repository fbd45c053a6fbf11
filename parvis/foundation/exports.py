"""What leaves with an organization."""

from parvis.foundation.export import exported, left_out

exported("foundation.StoredFile")
exported("foundation.AuditRecord")
left_out("foundation.Upload", because="on its way in: it becomes a file, or goes after a day")
