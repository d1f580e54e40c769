"""What can be said of an architecture: in JSON, so that files keep it, and in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn.calibration import Calibration
from nn.errors import ConfigurationError, InklingError, ShapeError
from nn.layers import LAYERS
from nn.losses import LOSSES
from nn.scalars import is_whole
from nn.scaling import Scaling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nn.arrays import Shape
    from nn.layers import JSON, Layer
    from nn.network.network import Network


def described(network: Network) -> dict[str, JSON]:
    """Return the architecture, without the weights, as something that JSON can hold."""
    description: dict[str, JSON] = {
        "input_shape": list(network.input_shape),
        "scaling": {"factor": network.scaling.factor, "offset": network.scaling.offset},
        "layers": [{"kind": layer.kind, **layer.settings()} for layer in network.layers],
        "loss": {"kind": network.loss.kind, **network.loss.settings()},
    }
    # What goes without saying stays unsaid: files read the same as before there was a calibration.
    if network.calibration != Calibration():
        description["calibration"] = network.calibration.settings()
    return description


def arguments_from(description: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a network is constructed from as `described` told it, with weights of zero.

    Raises
    ------
    ConfigurationError
        If the description is not one, or describes what cannot be built.
    """
    try:
        return {
            "layers": [built(LAYERS, settings) for settings in description["layers"]],
            "loss": built(LOSSES, description["loss"]),
            "input_shape": tuple(description["input_shape"]),
            "scaling": Scaling(**description["scaling"]),
            "calibration": Calibration(**description.get("calibration", {})),
        }
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise ConfigurationError(f"This does not describe a network: {error!r}.") from error


def built(known: Mapping[str, type[Any]], description: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Build the layer or loss that `description` tells of by its kind and settings."""
    settings = dict(description)
    kind = settings.pop("kind", None)
    if not isinstance(kind, str) or kind not in known:
        raise ConfigurationError(f"{kind!r} is not known here; wanted one of {', '.join(known)}.")
    return known[kind](**settings)


def checked_shape(shape: Sequence[object]) -> Shape:
    """Return the shape of a sample in plain numbers; ConfigurationError where it is none."""
    sides = tuple(int(side) for side in shape if is_whole(side) and side > 0)
    if not sides or len(sides) != len(shape):
        raise ConfigurationError(f"A network got the input shape {shape!r}; wanted whole numbers from 1.")
    return sides


def shapes_behind(layers: Sequence[Layer], shape: Shape) -> tuple[Shape, ...]:
    """Return the shape of one sample behind each layer; ShapeError where a layer does not fit."""
    shapes = []
    for position, layer in enumerate(layers):
        try:
            shape = layer.output_shape(shape)
        except InklingError as error:
            raise ShapeError(f"Layer {position} does not fit: {error}") from error
        shapes.append(shape)
    return tuple(shapes)


def in_words(network: Network) -> str:
    """Describe a network, a line a layer, with shapes and numbers of parameters."""
    lines = [f"{network.name or 'Network'}: input {_shape_in_words(network.input_shape)}"]
    for layer, shape in zip(network.layers, network.shapes, strict=True):
        count = sum(array.size for array in layer.parameters().values())
        lines.append(f"  {layer!r:<32} {_shape_in_words(shape):>12} {count:>12,}")
    lines.append(f"  {network.loss!r:<32} {'':>12} {network.parameters.size:>12,} parameters")
    return "\n".join(lines)


def _shape_in_words(shape: Shape) -> str:
    return " x ".join(str(side) for side in shape)
