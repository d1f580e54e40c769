"""A checkpoint is a training laid on ice: weights, the optimiser's state and a few numbers.

Order, augmentation and dropout come from the seed and from counters, so no random generator needs saving.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from nn.errors import ConfigurationError, WeightsError
from nn.network import Network
from nn.optimizers import OPTIMIZERS
from nn.progress import progress_from
from nn.training_config import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nn.arrays import Array
    from nn.data.dataset import Dataset, DigitData
    from nn.layers import JSON
    from nn.progress import Progress


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """All that a training needs to go on as if it had never been interrupted.

    Parameters
    ----------
    network
        A copy, as it was.
    config, progress
        How it is trained and where it stands.
    vectors
        Flat vectors: "best" and "safe" (what divergence falls back to), as long as `network.values`, and the
        optimiser's state, as long as `network.parameters`.
    data
        Which digits it learns from: a name, and a sum that tells others apart.
    recipe
        The recipe that it was begun with, by which its digits are found again; "" without one.
    """

    network: Network
    config: TrainingConfig
    progress: Progress
    vectors: dict[str, Array]
    data: dict[str, JSON]
    recipe: str = ""

    def to_tensors(self) -> tuple[dict[str, Array], dict[str, JSON]]:
        """Return the arrays by name, and everything else as something that JSON can hold."""
        network = self.network
        return {"values": network.values, **self.vectors}, {
            "architecture": network.describe(),
            "name": network.name,
            "seed": network.seed,
            "record": network.record,
            "config": asdict(self.config),
            "progress": asdict(self.progress),
            "data": self.data,
            "recipe": self.recipe,
        }

    @staticmethod
    def from_tensors(tensors: Mapping[str, Array], metadata: Mapping[str, Any]) -> Checkpoint:
        """Build a checkpoint from what `to_tensors` gave.

        Raises
        ------
        ConfigurationError, WeightsError
            If something is missing, of the wrong length, not finite, or not what training can go on from.
        """
        try:
            network = Network.from_description(metadata["architecture"])
            network.name, network.seed = metadata["name"], metadata["seed"]
            network.record = dict(metadata["record"])
            config = TrainingConfig(**metadata["config"])
            data = _checked_data(metadata["data"])
            progress = progress_from(metadata["progress"], batch_size=config.batch_size, samples=data["samples"])
            recipe = metadata["recipe"]
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigurationError(f"This does not describe a training: {error!r}.") from error
        vectors = {name: np.array(vector, np.float32) for name, vector in tensors.items()}
        _demand_vectors(vectors, network, config)
        network.values[:] = vectors.pop("values")
        return Checkpoint(network, config, progress, vectors, data, recipe)


def fingerprint(data: DigitData) -> dict[str, JSON]:
    """Return name, size and a checksum of the digits to learn from, and the same of those to validate by."""
    return {**_fingerprint(data.training), "validation": _fingerprint(data.validation)}


def _fingerprint(dataset: Dataset) -> dict[str, JSON]:
    sample = dataset.images[:: max(1, len(dataset) // 1000)]
    return {
        "name": dataset.name,
        "samples": len(dataset),
        "checksum": crc32(np.ascontiguousarray(sample).tobytes(), crc32(dataset.labels.tobytes())),
    }


def demand_same_training(
    checkpoint: Checkpoint, network: Network, config: TrainingConfig, data: dict[str, JSON]
) -> None:
    """Refuse to resume what is not the same training: ConfigurationError says what differs."""
    if _architecture(network) != _architecture(checkpoint.network):
        raise ConfigurationError("This checkpoint is of a network of another architecture; give its own network.")
    may_differ = {"threads", "rate"}
    for name in (entry.name for entry in fields(TrainingConfig)):
        was, now = getattr(checkpoint.config, name), getattr(config, name)
        if was != now and name not in may_differ:
            raise ConfigurationError(
                f"This checkpoint was trained with {name} = {was!r}, not {now!r}; resume with {was!r}."
            )
    if any(checkpoint.data[key] != data[key] for key in ("name", "samples", "checksum")):
        raise ConfigurationError(
            f"This checkpoint learns from {checkpoint.data['name']!r} ({checkpoint.data['samples']} digits), "
            f"not from the data given, {data['name']!r} ({data['samples']}); resume with the same digits."
        )
    # What the first checkpoints validated by, they did not say.
    if checkpoint.data.get("validation", data["validation"]) != data["validation"]:
        raise ConfigurationError(
            f"This checkpoint learns from {checkpoint.data['name']!r} and is validated by other digits than those "
            "given; resume with the same digits."
        )


def _architecture(network: Network) -> dict[str, JSON]:
    """Return what a network tells of itself, without its calibration: that is of its weights, and none is kept."""
    return {key: value for key, value in network.describe().items() if key != "calibration"}


def _checked_data(told: object) -> dict[str, Any]:
    """Return which digits a training learns from; ConfigurationError where it does not say."""
    kinds = {"name": str, "samples": int, "checksum": int}
    if not isinstance(told, dict) or any(type(told.get(key)) is not kind for key, kind in kinds.items()):
        raise ConfigurationError("It does not say which digits the training learns from.")
    if told["samples"] < 1:
        raise ConfigurationError("It learns from no digits.")
    return told


def _demand_vectors(vectors: Mapping[str, Array], network: Network, config: TrainingConfig) -> None:
    state = {f"optimizer.{name}" for name in OPTIMIZERS[config.optimizer].state_names}
    wanted = {"values", "best", "safe"} | state
    if vectors.keys() != wanted:
        raise WeightsError(f"This checkpoint holds {sorted(vectors)}; wanted {sorted(wanted)}.")
    for name, vector in vectors.items():
        shape = network.parameters.shape if name in state else network.values.shape
        if vector.shape != shape or not np.isfinite(vector).all():
            raise WeightsError(
                f"In this checkpoint {name} has shape {vector.shape} or values that are not finite; wanted "
                f"{shape} finite numbers."
            )
