"""Words that stand in tables: marked where they are written, translated where they are shown.

A table is made when its file is loaded, before anybody could have chosen a language. So `tr` only marks its words
for Qt's ``lupdate``, which knows that name, and `translated` looks them up when they come into the window.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

CONTEXT = ""
"""Where ``lupdate`` puts what is marked outside of any class."""


def tr(text: str) -> str:
    """Mark a text of a table as one to be translated, and return it as it is."""
    return text


def translated(text: str) -> str:
    """Return a text of a table in the language of the window."""
    return QCoreApplication.translate(CONTEXT, text) if text else text
