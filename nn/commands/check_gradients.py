"""Hold back-propagation against central differences, layer by layer, and show why nobody trains without it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from nn.commands.arguments import add_json, from_zero
from nn.commands.outcomes import DONE, FAILED
from nn.commands.output import Output
from nn.gradient_cases import layer_cases, loss_cases, network_cases
from nn.gradients import gradient_error, numerical_network_gradient, parameter_error
from nn.network import mlp
from nn.parallel import one_blas_thread

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from nn.gradient_cases import Case

TOLERANCE = 1e-5
"""A wrong gradient is wrong by a hundredth and more; a right one agrees to some eight digits."""

STEPS = 10_000
"""Steps that *Deep Learning from Scratch* trains its first network for, with batches of `BATCH`."""

SIZES, BATCH = (784, 50, 10), 100
SAMPLE = 100
"""Parameters that the numerical gradient is timed on; each takes as long as any other."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    parser.add_argument(
        "--seed", type=from_zero, metavar="N", default=0, help="of the directions and parameters (default: 0)"
    )
    add_json(
        parser,
        "`group`, `name`, `parameters`, `along_directions`, `by_parameter` (relative errors), `agrees`; at last "
        "`group` speed with the seconds of a step",
    )


def run(options: argparse.Namespace) -> int:
    """Check everything in float64, tell, and measure what a numerical gradient costs."""
    one_blas_thread()
    output = Output(as_json=options.json)
    agreed = _checked(output, options.seed)
    _tell_speed(output)
    return DONE if agreed else FAILED


def _checked(output: Output, seed: int) -> bool:
    rows, agreed = [], True
    with output.progress() as bar:
        task = bar.add_task("Gradients", total=None, detail="")
        for case in (*layer_cases(), *loss_cases(), *network_cases()):
            bar.update(task, advance=1, detail=case.name)
            errors = _errors(case, seed)
            agrees = max(errors) < TOLERANCE
            agreed &= agrees
            _record(output, case, errors, agrees=agrees)
            rows.append([case.name, *_in_words(case, errors, agrees=agrees)])
    output.table(["", "parameters", "along directions", "by parameter", ""], rows)
    output.line(
        f"Back-propagation and central differences {'agree' if agreed else 'DO NOT agree'} within {TOLERANCE:g}, "
        "in float64; a step function is left out, having no slope."
    )
    return agreed


def _errors(case: Case, seed: int) -> tuple[float, float]:
    along = gradient_error(case.network, case.x, case.targets, seed=seed)
    return along, parameter_error(case.network, case.x, case.targets, seed=seed)


def _record(output: Output, case: Case, errors: tuple[float, float], *, agrees: bool) -> None:
    output.record(
        {
            "group": case.group,
            "name": case.name,
            "parameters": case.network.parameters.size,
            "along_directions": errors[0],
            "by_parameter": errors[1],
            "agrees": agrees,
        }
    )


def _in_words(case: Case, errors: tuple[float, float], *, agrees: bool) -> list[str]:
    along, single = errors
    verdict = "agrees" if agrees else "DIFFERS"
    return [f"{case.network.parameters.size:,}", f"{along:.1e}", f"{single:.1e}", verdict]


def _tell_speed(output: Output) -> None:
    network = mlp(SIZES, activation="sigmoid", initial=0.01)
    rng = np.random.default_rng(0)
    x, labels = rng.random((BATCH, 784), np.float32), rng.integers(0, 10, BATCH)
    size = network.parameters.size

    def back_propagate() -> None:
        network.loss.forward(network.forward(x, training=True), labels)
        network.parameter_gradients(network.loss.backward(BATCH))

    def move_some() -> None:
        numerical_network_gradient(network, x, labels, at=range(0, size, size // SAMPLE))

    moved = len(range(0, size, size // SAMPLE))
    slow = _seconds(move_some, 3) / moved * size
    quick = _seconds(back_propagate, 20)
    output.record(
        {
            "group": "speed",
            "name": "-".join(map(str, SIZES)),
            "parameters": size,
            "back_propagation_seconds": quick,
            "numerical_seconds": slow,
            "times_slower": slow / quick,
        }
    )
    output.line(
        f"One gradient of {'-'.join(map(str, SIZES))} ({size:,} parameters), batch {BATCH}: "
        f"{quick * 1000:.2g} ms by back-propagation, {slow:.3g} s by central differences (timed on {moved} of the "
        f"parameters), {slow / quick:,.0f} times as long."
    )
    output.line(
        f"The {STEPS:,} steps of the book's first training: {_in_time(quick * STEPS)} against "
        f"{_in_time(slow * STEPS)}."
    )


def _seconds(action: Callable[[], None], times: int) -> float:
    """Return how long `action` takes when nothing comes in between: the shortest of some."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    return min(taken)


def _in_time(seconds: float) -> str:
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.1f} seconds"
