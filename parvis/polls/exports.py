"""What leaves with an organization."""

from parvis.foundation.export import exported

exported("polls.Poll")
exported("polls.Option")
exported("polls.Voter")
exported("polls.Vote", without=("is_anonymous",))
