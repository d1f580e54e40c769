"""What the comparison tells: a record for machines, a table and a page for people."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from versus_report import COLUMNS, Record, cells, in_words, page, record_of
from versus_rows import ALL, LIMIT, PYTORCH, SCIKIT_LEARN, SCIKIT_LEARN_DOUBLE

RECORD = Record(
    name="mlp-30",
    work="784-30-10",
    peer=PYTORCH,
    ours=0.5,
    theirs=2.5,
    at_least=4.0,
    aim=6.0,
    way="eager, 1 thread",
    spread_ours=0.02,
    spread_theirs=0.03,
    sgemm_share=0.12,
    one_thread=0.9,
)


def test_a_line_holds_what_is_asked_of_it_and_gives_the_record_back() -> None:
    told = json.loads(RECORD.line())
    assert {"work", "ours", "peer", "theirs", "ratio", "at_least"} <= told.keys()
    assert told["ratio"] == 5.0
    assert told["scaling"] == pytest.approx(1.8)
    assert record_of(RECORD.line()) == RECORD


@pytest.mark.parametrize(("theirs", "verdict"), [(1.9, "SHORT"), (2.0, "met"), (3.0, "aim")])
def test_a_row_says_whether_it_is_what_is_asked(theirs: float, verdict: str) -> None:
    shown = cells(replace(RECORD, theirs=theirs))
    assert len(shown) == len(COLUMNS)
    assert verdict in shown


def test_memory_has_no_threads_to_tell_of() -> None:
    memory = Record(name="m", work="memory", peer=PYTORCH, ours=1e8, theirs=3e8, at_least=2, aim=3, unit="bytes")
    assert cells(memory)[2:5] == ["95 MB", "286 MB", "3.00"]
    assert "scaling" not in json.loads(memory.line())


def test_the_page_has_a_row_for_each_record() -> None:
    versions = {"torch": "2.13.0", "scikit-learn": "1.7.2"}
    text = page([RECORD, replace(RECORD, peer=SCIKIT_LEARN)], versions=versions, repeats=5, machine="a machine")
    rows = [line for line in text.splitlines() if line.startswith("| 784-30-10")]
    assert len(rows) == 2
    assert "| PyTorch | 500 ms | 2.50 s | 5.00 | 4 | 12% | 1.80 |" in rows[0]
    assert "PyTorch 2.13.0" in text


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (1.5, "s", "1.50 s"),
        (0.00123, "s", "1.23 ms"),
        (0.0456, "s", "45.6 ms"),
        (2.5e-5, "s", "25.0 us"),
        (157_286_400, "bytes", "150 MB"),
    ],
)
def test_amounts_have_three_digits_and_a_unit_that_fits(amount: float, unit: str, words: str) -> None:
    assert in_words(amount, unit) == words


def test_every_row_has_a_name_of_its_own_and_a_bar_below_its_aim() -> None:
    names = [work.name for work in ALL]
    assert len(set(names)) == len(names)
    for work in ALL:
        for asked in work.asked:
            assert asked.peer in (PYTORCH, SCIKIT_LEARN, SCIKIT_LEARN_DOUBLE, LIMIT)
            assert 1 <= asked.at_least < asked.aim
