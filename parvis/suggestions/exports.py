"""What leaves with an organization."""

from parvis.foundation.export import left_out

left_out("suggestions.Dismissal", because="what somebody did not want to see says nothing to a next system")
