"""What leaves with an organization."""

from parvis.foundation.export import exported

exported("citations.Citation")
