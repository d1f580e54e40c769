"""Ink: from a person's strokes, or a picture of them, to the 28 x 28 frame that MNIST would have made of it."""

from nn.ink.frame import BOX, FRAME, PEN, frame_from_drawing
from nn.ink.ink_files import read_drawings, write_drawings
from nn.ink.picture_files import read_picture, save_picture
from nn.ink.pictures import frame_from_picture, frame_from_picture_file
from nn.ink.placing import blank_frame, centre_of_mass
from nn.ink.raster import picture_of_drawing
from nn.ink.strokes import Drawing, Stroke

__all__ = [
    "BOX",
    "FRAME",
    "PEN",
    "Drawing",
    "Stroke",
    "blank_frame",
    "centre_of_mass",
    "frame_from_drawing",
    "frame_from_picture",
    "frame_from_picture_file",
    "picture_of_drawing",
    "read_drawings",
    "read_picture",
    "save_picture",
    "write_drawings",
]
