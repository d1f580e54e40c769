"""Numbers are typed with a point or a comma and shown in one way, whatever the system's own habits are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication

from gui.more_settings import MoreDialog, MoreSettings
from gui.new_network import NewNetworkDialog
from gui.number_fields import DecimalBox, RateBox, WholeBox
from gui.panels.training import TrainingPanel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture(params=["C", "German", "French", "English", "Arabic"], autouse=True)
def habits(request: pytest.FixtureRequest) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language[request.param]))
    yield
    QLocale.setDefault(before)


def type_into(field: QAbstractSpinBox, text: str) -> None:
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize("text", ["0.05", "0,05", ".05", ",05"])
def test_a_point_and_a_comma_both_begin_the_fraction(qtbot: QtBot, text: str) -> None:
    for field in (RateBox(), DecimalBox()):
        qtbot.addWidget(field)
        type_into(field, text)
        assert field.value() == pytest.approx(0.05)
        assert field.text() == "0.05"


@pytest.mark.parametrize("text", ["1.000", "1,000"])
def test_three_digits_behind_a_point_or_a_comma_are_a_fraction_too(qtbot: QtBot, text: str) -> None:
    field = RateBox()
    qtbot.addWidget(field)
    type_into(field, text)
    assert (field.value(), field.text()) == (1.0, "1")


@pytest.mark.parametrize("text", ["1,5", "1.5", "1,024", "1.024"])
def test_a_whole_number_with_something_between_its_digits_is_none(qtbot: QtBot, text: str) -> None:
    field = WholeBox(1, 4096)
    qtbot.addWidget(field)
    field.setValue(32)
    field.selectAll()
    QApplication.clipboard().setText(text)
    QTest.keySequence(field, "Ctrl+V")
    assert (field.value(), field.text()) == (32, "32")
    type_into(field, "1024")
    assert (field.value(), field.text()) == (1024, "1024")


def test_every_number_field_of_the_window_is_one_of_these(qtbot: QtBot) -> None:
    panel = TrainingPanel()
    qtbot.addWidget(panel)
    for holder in (panel, MoreDialog(panel, MoreSettings()), NewNetworkDialog(panel)):
        fields = holder.findChildren(QAbstractSpinBox)
        assert fields
        assert all(isinstance(field, DecimalBox | WholeBox) for field in fields)
