"""What can go wrong and is nobody's bug: one exception type a person may be shown.

Every message is one clear sentence or two: what happened, where, what was wanted, what to do about it.
Anything else that escapes is a fault in Inkling and belongs in a log.
"""


class InklingError(Exception):
    """An expected failure, told in words a person can act on."""


class ConfigurationError(InklingError):
    """A number or a name that no network, training or command can work with."""


class UndeterminedError(ConfigurationError):
    """A file of weights that fits several networks: somebody has to say which."""


class ShapeError(InklingError):
    """An array of a shape that does not fit where it was sent."""


class InkError(InklingError):
    """A drawing, a picture or a file of them that cannot be read."""


class DataError(InklingError):
    """A data set that is missing, damaged or not what its name says."""


class DownloadError(DataError):
    """A download that no mirror could complete."""


class FileError(InklingError):
    """A file that cannot be written or read where it was wanted."""


class WeightsError(InklingError):
    """A file of weights that is damaged, of another program, or of another architecture."""


class DivergedError(InklingError):
    """Training whose loss is no longer a number."""
