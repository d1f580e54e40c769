"""Synthetic digits that were drawn once are there the next time, and never anything else in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.data import kept_digits
from nn.data.kept_digits import KEPT_FILES, keep, kept_path, read_kept
from nn.data.sources import SYNTHETIC_TRAINING, SYNTHETIC_VALIDATION, LoadingProgress, loading_digits
from nn.data.synthetic import synthetic_batches, synthetic_dataset

if TYPE_CHECKING:
    from pathlib import Path

COUNTS = {"training": 1_500, "validation": 100}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("nn.data.sources.WORTH_KEEPING", 1_600)
    monkeypatch.setattr("nn.data.locations.user_cache_path", lambda *_, **__: tmp_path / "cache")
    return tmp_path / "cache" / "synthetic"


def load(seed: int = 0, *, keeps: bool = True) -> list[LoadingProgress]:
    return list(loading_digits("synthetic", seed=seed, keeps=keeps, **COUNTS))


def kept_few(seed: int = 0) -> Path:
    keep(seed, synthetic_dataset(30, seed=1), synthetic_dataset(10, seed=2))
    return kept_path(seed, 30, 10)


def test_the_second_time_the_same_digits_are_there_without_being_drawn(folder: Path) -> None:
    drawn, fetched = load(), load()
    assert len(drawn) > 4
    assert len(fetched) == 2
    first, second = drawn[-1].data, fetched[-1].data
    assert first is not None
    assert second is not None
    for before, after in ((first.training, second.training), (first.validation, second.validation)):
        assert (before.images == after.images).all()
        assert (before.labels == after.labels).all()
        assert before.name == after.name
    assert first.source == second.source
    assert len(list(folder.iterdir())) == 1


def test_what_need_not_be_kept_leaves_no_trace(folder: Path) -> None:
    list(loading_digits("synthetic", training=30, validation=10))
    assert not folder.exists()
    *_, last = loading_digits("synthetic", keeps=False, **COUNTS)
    assert last.data is not None
    assert not folder.exists()


def test_another_seed_or_count_is_another_file() -> None:
    kept_few()
    assert read_kept(0, 30, 10) is not None
    assert read_kept(1, 30, 10) is None
    assert read_kept(0, 10, 30) is None


def test_another_program_is_another_file(monkeypatch: pytest.MonkeyPatch) -> None:
    kept_few()
    monkeypatch.setattr(kept_digits, "_version", lambda: "0123456789abcdef")
    assert read_kept(0, 30, 10) is None


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_as_if_it_were_not_there(share: float) -> None:
    path = kept_few()
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    assert read_kept(0, 30, 10) is None
    kept_few()
    assert read_kept(0, 30, 10) is not None


def test_no_flipped_bit_gives_other_digits() -> None:
    path = kept_few()
    content, whole = path.read_bytes(), read_kept(0, 30, 10)
    assert whole is not None
    rng = np.random.default_rng(0)
    for at in rng.integers(0, len(content), 200):
        damaged = bytearray(content)
        damaged[at] ^= 1 << int(rng.integers(8))
        path.write_bytes(damaged)
        read = read_kept(0, 30, 10)
        assert read is None or (read[0].images == whole[0].images).all()


def test_other_shapes_are_not_taken_for_digits() -> None:
    path = kept_few()
    arrays = {name: np.zeros((30, 3)) for name in kept_digits._names()}
    np.savez(path, allow_pickle=False, **arrays, digest=np.array(kept_digits._digest(list(arrays.values()))))
    assert read_kept(0, 30, 10) is None


def test_a_damaged_file_is_written_anew(folder: Path) -> None:
    load()
    (path,) = folder.iterdir()
    path.write_bytes(b"no digits")
    load()
    assert len(load()) == 2


def test_a_folder_that_cannot_be_written_only_means_drawing_again(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("a file in the way")
    assert load()[-1].data is not None
    assert len(load()) > 4


def test_only_the_newest_files_stay(folder: Path) -> None:
    for seed in range(KEPT_FILES + 2):
        kept_few(seed)
    assert len(list(folder.iterdir())) == KEPT_FILES
    assert read_kept(KEPT_FILES + 1, 30, 10) is not None


def test_the_digits_of_a_first_training_come_with_the_program_and_are_those_it_would_draw() -> None:
    shipped = read_kept(0, SYNTHETIC_TRAINING, SYNTHETIC_VALIDATION)
    assert shipped is not None, "the drawing has changed: run python -m nn.data.kept_digits"
    for dataset, seed in zip(shipped, (0, 1), strict=True):
        drawn = next(synthetic_batches(len(dataset), seed=seed))
        assert (dataset.images[: len(drawn)] == drawn.images).all()
        assert (dataset.labels[: len(drawn)] == drawn.labels).all()


def test_shipping_puts_the_new_digits_in_the_place_of_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nn.data.sources.SYNTHETIC_TRAINING", 60)
    monkeypatch.setattr("nn.data.sources.SYNTHETIC_VALIDATION", 20)
    (tmp_path / "digits-0-1-1-older.npz").write_bytes(b"older")
    path = kept_digits.ship(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    monkeypatch.setattr(kept_digits, "shipped_place", lambda *_: path)
    assert read_kept(0, 60, 20) is not None
