"""Which Inkling this is."""

from __future__ import annotations


def version() -> str:
    """Name the version that is installed; a bare checkout has none."""
    from importlib import metadata  # noqa: PLC0415 -- takes longer to load than to ask, and is seldom asked

    try:
        return metadata.version("inkling")
    except metadata.PackageNotFoundError:
        return "(a checkout, not installed)"
