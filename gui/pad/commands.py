"""One kind of undo step: these strokes instead of those.

Strokes never change once they are drawn, so a step needs no recipe for going back: it holds the tuple from before
and the tuple from after, which share their strokes. Drawing, erasing, clearing and opening a drawing differ
only in the two tuples and in what the menu calls them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from nn.compat import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.ink.strokes import Stroke


class ReplaceStrokes(QUndoCommand):
    """Put ``after`` where ``before`` was, and back.

    Parameters
    ----------
    text
        What the menu says after "Undo".
    put
        Makes these the strokes of the document.
    """

    def __init__(
        self,
        text: str,
        before: tuple[Stroke, ...],
        after: tuple[Stroke, ...],
        put: Callable[[tuple[Stroke, ...]], None],
    ) -> None:
        super().__init__(text)
        self._before, self._after, self._put = before, after, put

    @override
    def redo(self) -> None:
        self._put(self._after)

    @override
    def undo(self) -> None:
        self._put(self._before)
