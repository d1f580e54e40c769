"""Data: where digits to learn from are found, made and read."""
