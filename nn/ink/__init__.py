"""Ink: from a person's strokes, or a picture of them, to the 28 x 28 frame that MNIST would have made of it."""

# Fetched from their homes, listed in __init__.pyi, when they are asked for: a pad inks without the library that
# reads pictures.
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
