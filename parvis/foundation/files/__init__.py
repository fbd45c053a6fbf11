"""Files that people bring: kept by content, judged by content, served with care.

Owns bytes, their media type, their smaller pictures and how they are answered. Knows nothing of who may read
a file: it is readable exactly where something readable attaches it, and that is the attacher's to decide.
"""

from parvis.foundation.files.actions import discard, store, sweep_orphans
from parvis.foundation.files.images import IMAGE_SIZES, Picture, derive_image
from parvis.foundation.files.media_types import is_served_inline
from parvis.foundation.files.queries import (
    expected_bytes,
    open_stored,
    storage_used_bytes,
    unattached_files,
)

__all__ = [
    "IMAGE_SIZES",
    "Picture",
    "derive_image",
    "discard",
    "expected_bytes",
    "is_served_inline",
    "open_stored",
    "storage_used_bytes",
    "store",
    "sweep_orphans",
    "unattached_files",
]
