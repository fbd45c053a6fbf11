"""What leaves with an organization."""

from parvis.foundation.export import exported

exported("imports.ImportRun", without=("process",))
exported("imports.ImportedItem", without=("pending",))
