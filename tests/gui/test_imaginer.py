from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import pytest

from gui.imaginer import Imaginer
from gui.model_store import ModelStore
from nn.errors import ConfigurationError
from nn.explain.imagination import Imagination, imagine_all
from nn.network import mlp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def store(qapp: object) -> ModelStore:
    return ModelStore(mlp([784, 8, 10]))


@pytest.fixture
def imaginer(store: ModelStore) -> Iterator[Imaginer]:
    imaginer = Imaginer(store, coalesce_ms=0, interval_ms=1)
    yield imaginer
    assert imaginer.close()


@pytest.fixture
def told(imaginer: Imaginer) -> list[tuple[Imagination, ...]]:
    told: list[tuple[Imagination, ...]] = []
    imaginer.imagined.connect(told.append)
    return told


def test_a_change_of_the_network_is_imagined(
    qtbot: QtBot, store: ModelStore, imaginer: Imaginer, told: list[tuple[Imagination, ...]]
) -> None:
    network = mlp([784, 8, 10], seed=5)
    store.replace(network)
    qtbot.waitUntil(lambda: bool(told))
    wanted = imagine_all(network, "transposed")
    assert [imagination.digit for imagination in told[-1]] == list(range(10))
    assert all((a.picture == b.picture).all() for a, b in zip(told[-1], wanted, strict=True))


def test_many_changes_are_imagined_seldom_and_the_last_one_always(
    qtbot: QtBot, store: ModelStore, imaginer: Imaginer, told: list[tuple[Imagination, ...]]
) -> None:
    for seed in range(30):
        store.replace(mlp([784, 8, 10], seed=seed))
    qtbot.waitUntil(lambda: not imaginer.is_busy)
    wanted = imagine_all(mlp([784, 8, 10], seed=29))
    assert len(told) < 5
    assert all((a.picture == b.picture).all() for a, b in zip(told[-1], wanted, strict=True))


def test_another_method_is_imagined_at_once_and_the_old_one_is_dropped(
    qtbot: QtBot, imaginer: Imaginer, told: list[tuple[Imagination, ...]]
) -> None:
    imaginer.set_method("ascent")
    imaginer.set_method("backquery")
    qtbot.waitUntil(lambda: not imaginer.is_busy)
    assert {imagination.method for batch in told for imagination in batch} == {"backquery"}


def test_gradient_ascent_shows_its_climb_the_first_time_only(
    qtbot: QtBot, store: ModelStore, imaginer: Imaginer, told: list[tuple[Imagination, ...]]
) -> None:
    imaginer.set_method("ascent")
    qtbot.waitUntil(lambda: not imaginer.is_busy)
    final = imagine_all(store.network, "ascent")
    assert len(told) > 1
    assert all((a.picture == b.picture).all() for a, b in zip(told[-1], final, strict=True))
    told.clear()
    store.replace(mlp([784, 8, 10], seed=1))
    qtbot.waitUntil(lambda: not imaginer.is_busy)
    assert len(told) == 1


def test_wholly_another_network_shows_its_climb_again_and_at_once(
    qtbot: QtBot, store: ModelStore, imaginer: Imaginer, told: list[tuple[Imagination, ...]]
) -> None:
    imaginer.set_method("ascent")
    store.new(mlp([784, 8, 10], seed=1))
    qtbot.waitUntil(lambda: not imaginer.is_busy)
    final = imagine_all(store.network, "ascent")
    assert len(told) > 1
    assert all((a.picture == b.picture).all() for a, b in zip(told[-1], final, strict=True))


def test_what_takes_long_while_a_network_learns_is_followed_by_a_longer_rest(
    qtbot: QtBot, store: ModelStore, imaginer: Imaginer, told: list[tuple[Imagination, ...]]
) -> None:
    imaginer.set_method("principal")
    begun = monotonic()
    qtbot.waitUntil(lambda: not imaginer.is_busy)
    took = monotonic() - begun
    told.clear()
    store.replace(mlp([784, 8, 10], seed=1))
    qtbot.waitUntil(lambda: bool(told))
    assert monotonic() - begun - took > took


def test_a_method_that_the_network_does_not_allow_is_told(qtbot: QtBot, imaginer: Imaginer) -> None:
    failures: list[Exception] = []
    imaginer.failed.connect(failures.append)
    imaginer.set_method("crystal ball")
    qtbot.waitUntil(lambda: not imaginer.is_busy)
    assert isinstance(failures[0], ConfigurationError)


def test_the_current_network_is_only_read(qtbot: QtBot, store: ModelStore, imaginer: Imaginer) -> None:
    before = store.network.parameters.copy()
    for method in ("ascent", "backquery", "transposed"):
        imaginer.set_method(method)
        qtbot.waitUntil(lambda: not imaginer.is_busy)
    assert (store.network.parameters == before).all()
