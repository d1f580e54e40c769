"""What a card says of a network besides figures: how it was made, from what, on which terms, and where it ends."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from nn.recipes.house import RECIPES
from nn.report import prose
from nn.report.tables import percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nn.network import Network
    from nn.recipes.recipe import Recipe


def head(network: Network, file: str) -> str:
    """Return the title, what the network is, and the command that makes it."""
    rows = "\n".join(f"| {what} | {told} |" for what, told in _facts(network, file))
    return (
        f"# {network.name or file}\n\n"
        "This page was made by `python -m nn report`; every figure on it is measured.\n\n"
        f"| | |\n| --- | --- |\n{rows}\n\n"
        f"```\n{network.summary()}\n```"
    )


def limits(network: Network) -> str:
    """Return what the network cannot do, whatever its figures."""
    refuses = network.calibration.threshold < 1
    return prose.LIMITS.format(others=prose.REFUSES if refuses else prose.REFUSES_NOTHING)


def data_and_terms(network: Network) -> str:
    """Return whose data the network learned from, and on which terms it may be used."""
    told = str(network.record.get("data", ""))
    sources = [text for word, text in prose.COLLECTIONS.items() if word in told]
    paragraphs = ["## Data and terms", "\n".join(sources) or prose.UNKNOWN]
    if _recipe_of(network) is not None:
        paragraphs.append(prose.TERMS)
    return "\n\n".join([*paragraphs, prose.MEASURED_ON])


def _facts(network: Network, file: str) -> Iterator[tuple[str, str]]:
    yield "File", f"`{file}`: weights, architecture, preprocessing, calibration, seed and training record"
    plus = f", plus {network.scaling.offset:g}" if network.scaling.offset else ""
    yield "Parameters", f"{network.parameters.size:,}, float32"
    yield "Input", f"a frame of `nn.ink`, 28 x 28 pixels, ink 0 to 255; times {network.scaling.factor:.6g}{plus}"
    yield from _told_by_record(network, file)
    calibration = network.calibration
    yield "Calibration", f"temperature {calibration.temperature:.3f}; {_refusing(calibration.threshold)}"


def _told_by_record(network: Network, file: str) -> Iterator[tuple[str, str]]:
    """Yield what the training wrote down; nothing for networks of other programs."""
    record: dict[str, Any] = network.record
    config = record.get("config") or {}
    made, seed = _recipe_of(network), config.get("seed", network.seed)
    if made is not None:
        yield "Made by", f"`python -m nn train --recipe {made.name} --seed {seed} --out {file}`"
    if "data" in record:
        yield "Learned from", str(record["data"])
    if config:
        yield "Training", ", ".join(_in_words(name, value) for name, value in config.items() if value)
    if record.get("epochs"):
        yield "Validation", _validation(record["epochs"], record.get("best_epoch"), config.get("patience"))


def _in_words(name: str, value: object) -> str:
    return f"{name.replace('_', ' ')} {value}"


def _validation(epochs: list[dict[str, Any]], best: int | None, patience: int | None) -> str:
    """Tell the share read right by the weights that were kept: with patience the best epoch's, else the last's."""
    kept = next((epoch for epoch in epochs if patience and epoch["epoch"] == best), epochs[-1])
    return f"{percent(kept['validation_accuracy'])} read right after epoch {kept['epoch']} of {len(epochs)}"


def _refusing(threshold: float) -> str:
    if threshold >= 1:
        return "nothing is refused"
    return f'refused where "no digit" is more probable than {threshold:.3g}'


def _recipe_of(network: Network) -> Recipe | None:
    """Return the recipe of the house that a network was made by, known by the network's name."""
    return _recipes_by_network().get(network.name) if network.record else None


@cache
def _recipes_by_network() -> dict[str, Recipe]:
    """Return the recipes by the names of their networks, which only building tells: once is enough."""
    return {recipe.build(0).name: recipe for recipe in RECIPES}
