"""What leaves with an organization."""

from parvis.foundation.export import exported, left_out

exported("previews.Preview", without=("page",))
left_out("previews.LinkedPage", because="looked up again from the links in the texts")
