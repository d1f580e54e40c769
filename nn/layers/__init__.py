"""Layers: the steps of a network, one noun a file."""
