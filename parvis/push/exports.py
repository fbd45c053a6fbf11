"""What leaves with an organization."""

from parvis.foundation.export import exported, left_out

exported("push.Wording")
left_out(
    "push.Device", because="keys of browsers, bound to this installation's own and to sessions that end here"
)
