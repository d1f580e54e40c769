"""What newer Pythons have and 3.11 has not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import override
elif sys.version_info >= (3, 12):
    from typing import override
else:

    def override(method):  # noqa: ANN001, ANN201
        """Mark a method that replaces one of its base class; a type checker holds it to that."""
        return method


__all__ = ["override"]
