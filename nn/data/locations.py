"""Where data may lie: the folder that a person named, and one of Inkling's own, which is kept small."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from nn.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "INKLING_DATA"


def data_folders(environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return the folders to look in, in order: that of ``INKLING_DATA``, then the user's cache folder.

    Raises
    ------
    DataError
        If ``INKLING_DATA`` names a folder that is not there: what was asked for is not passed over in silence.
    """
    named = environment.get(VARIABLE, "")
    if not named:
        return (cache_folder(),)
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise DataError(f"{VARIABLE} names {named}, which is not a folder. Correct it, or unset it.")
    return (folder, cache_folder())


def cache_folder() -> Path:
    """Return the folder that downloads go to; it may not exist yet."""
    return user_cache_path("inkling", appauthor=False)


def keep_newest(folder: Path, pattern: str, count: int) -> None:
    """Delete what lies in `folder` under names of `pattern`, such as ``*.idx``, but for the `count` newest.

    Raises
    ------
    OSError
        If one cannot be deleted.
    """
    newest_first = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[count:]:
        path.unlink(missing_ok=True)


def find_file(name: str) -> Path | None:
    """Return ``numberpad/numberpad.json``, say, of the first of the folders that has it, or None.

    Raises
    ------
    DataError
        If ``INKLING_DATA`` names a folder that is not there.
    """
    return next((folder / name for folder in data_folders() if (folder / name).is_file()), None)
