"""Panels: each shows one thing and knows no other; they meet in the main window."""
