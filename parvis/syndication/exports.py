"""What leaves with an organization."""

from parvis.foundation.export import exported

exported("syndication.FeedAddress", without=("token_hash",))
