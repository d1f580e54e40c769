"""Ink: from a person's strokes, or a picture of them, to the 28 x 28 frame that MNIST would have made of it."""
