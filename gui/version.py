"""Which Inkling this is."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """Name the version that is installed; a bare checkout has none."""
    try:
        return metadata.version("inkling")
    except metadata.PackageNotFoundError:
        return "(a checkout, not installed)"
