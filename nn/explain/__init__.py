"""Explanations: what a network has in mind when it thinks of a digit."""
