"""What leaves with an organization."""

from parvis.foundation.export import exported

exported("spaces.Space", without=("member_count",))
exported("spaces.Membership")
exported("spaces.JoinRequest")
exported("spaces.SpaceInvitation")
