"""Where a command speaks: results on the output, all else on the error output, so that results can be piped.

With ``--json`` each result is one object on a line of its own, and nothing else is on the output.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from nn.compat import override

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import JustifyMethod
    from rich.progress import Task
    from rich.text import Text

    from nn.layers.base import JSON

_CONTROL = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"}
"""What a terminal would obey, by what is shown in its place."""

_WIDE = 200  # where nobody's screen sets a width, a line of a table is not folded


class Output:
    """One command's voice.

    Parameters
    ----------
    as_json
        Whether results are for machines.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        # No markup: a file called "[red].png" is a file.
        self.results = _console(is_terminal=sys.stdout.isatty(), stderr=False)
        self.notes = _console(is_terminal=sys.stderr.isatty(), stderr=True)

    def record(self, record: Mapping[str, JSON]) -> None:
        """Write one result for machines; nothing where people read."""
        if self.as_json:
            sys.stdout.write(json.dumps(record, allow_nan=False) + "\n")

    def line(self, text: str) -> None:
        """Write one line of a result for people; nothing where machines read."""
        if not self.as_json:
            self.results.print(printable(text), soft_wrap=True)

    def table(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        title: str = "",
        text: Sequence[int] = (0,),
    ) -> None:
        """Write results as a table for people; nothing where machines read. Columns not in `text` are numbers."""
        if self.as_json:
            return
        table = Table(
            title=printable(title) or None, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0)
        )
        for number, column in enumerate(columns):
            justify: JustifyMethod = "left" if number in text else "right"
            table.add_column(printable(column), justify=justify, overflow="fold")
        for row in rows:
            table.add_row(*map(printable, row))
        self.results.print(table)

    def note(self, text: str) -> None:
        """Say something to whoever watches, beside the results."""
        self.notes.print(printable(text), soft_wrap=True)

    def flush(self) -> None:
        """Hand on what was written, so that who follows along sees it now."""
        sys.stdout.flush()

    def progress(self) -> Progress:
        """Return a bar with time left on the error output; it shows on a terminal only."""
        return Progress(
            _Words("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            _Words("{task.fields[detail]}", markup=False),
            console=self.notes,
            transient=True,
            disable=not self.notes.is_terminal,
            redirect_stdout=False,  # results stay on the output, which may lead elsewhere
            redirect_stderr=False,
        )


class _Words(TextColumn):
    """A column of a bar that shows words from outside as they are."""

    @override
    def render(self, task: Task) -> Text:
        text = super().render(task)
        text.plain = printable(text.plain)
        return text


def printable(text: str) -> str:
    r"""Spell out control characters, which names from outside may hold: they are not to steer the terminal.

    Examples
    --------
    >>> printable("\x1b[31mred")
    '\\x1b[31mred'
    """
    return text.translate(_CONTROL)


def complain(error: object) -> None:
    """Tell an expected failure in its own words."""
    _console(is_terminal=sys.stderr.isatty(), stderr=True).print(printable(f"inkling: {error}"), soft_wrap=True)


def in_percent(share: float) -> str:
    """Write a share 0..1 for people."""
    return f"{share:.2%}"


class _Console(Console):
    @override
    def on_broken_pipe(self) -> None:
        # Its own answer ends the program, with all that a training has learned.
        raise BrokenPipeError


def _console(*, is_terminal: bool, stderr: bool) -> Console:
    width = None if is_terminal else _WIDE
    return _Console(stderr=stderr, width=width, markup=False, highlight=False, emoji=False)
