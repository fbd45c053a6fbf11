"""What leaves with an organization."""

from parvis.foundation.export import left_out

left_out("drafts.Draft", because="not sent to anybody yet: its author's alone")
left_out("drafts.DraftFile", because="not sent to anybody yet: its author's alone")
