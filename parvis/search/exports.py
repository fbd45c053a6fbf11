"""What leaves with an organization."""

from parvis.foundation.export import exported, left_out

exported("search.SavedSearch")
left_out("search.FileText", because="read again from the files")
