"""The commands of ``python -m nn``: the whole library without a window."""
