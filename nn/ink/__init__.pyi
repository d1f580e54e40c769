from .frame import BOX, FRAME, PEN, frame_from_drawing
from .ink_files import read_drawings, write_drawings
from .meant import as_meant, frame_as_meant
from .picture_files import read_picture, save_picture
from .pictures import frame_from_picture, frame_from_picture_file
from .placing import blank_frame, centre_of_mass
from .raster import picture_of_drawing
from .strokes import Drawing, Stroke

__all__ = [
    "BOX",
    "FRAME",
    "PEN",
    "Drawing",
    "Stroke",
    "as_meant",
    "blank_frame",
    "centre_of_mass",
    "frame_as_meant",
    "frame_from_drawing",
    "frame_from_picture",
    "frame_from_picture_file",
    "picture_of_drawing",
    "read_drawings",
    "read_picture",
    "save_picture",
    "write_drawings",
]
