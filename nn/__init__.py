"""Inkling's neural-network library: plain numpy, written to be read."""
