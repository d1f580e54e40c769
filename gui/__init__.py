"""The window: a Qt desktop on top of the library in ``nn``."""
