"""One door for networks in files: Inkling's own, or what the seeds and the books have saved.

What a file is, its content says, not its name. Other programs save numbers and not what they mean, so what is left
unsaid has to be known or given: see `nn.files.architecture`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nn.errors import ConfigurationError
from nn.files.architecture import built_network
from nn.files.header import damaged
from nn.files.older_formats import read_weights, with_biases
from nn.files.soundness import demand_reads_digits
from nn.files.streams import DamageError, regular, telling
from nn.files.weights import load_network

if TYPE_CHECKING:
    import os

    from nn.network import Network
    from nn.scaling import Scaling


def open_network(
    path: str | os.PathLike[str],
    *,
    activation: str | None = None,
    outputs: str | None = None,
    scaling: str | Scaling | None = None,
    biases: str | os.PathLike[str] | bool = True,
) -> Network:
    """Open a network in any format: safetensors of Inkling, pickled lists or dictionaries, npz, Nielsen's JSON.

    Parameters
    ----------
    path
        The file.
    activation, outputs, scaling
        What files of other programs do not say; see `nn.files.architecture.built_network`. Inkling's own say it,
        and take none of these.
    biases
        A file of biases; True for the one beside a file of weights, ``biases_file`` beside ``weights_file``, if
        there is one; False to do without, whatever there is.

    Raises
    ------
    WeightsError
        If the file is missing, damaged or of no known format, or its network does not read digits.
    UndeterminedError
        If the file leaves open which network it is of; the message says what to give.
    ConfigurationError
        If what was given is not known or does not go with the file.
    """
    try:
        if not is_older(path):
            network = load_network(path)
            _demand_nothing(activation=activation, outputs=outputs, scaling=scaling, biases=biases)
            return network
        found = read_weights(path)
        if biases is False:
            found = replace(found, biases=())
        elif biases is not True:
            found = with_biases(found, biases)
        elif not found.biases and (beside := _beside(Path(path))):
            found = with_biases(found, beside)
        network = built_network(found, activation=activation, outputs=outputs, scaling=scaling)
        demand_reads_digits(network, f"{path} cannot be opened")
    except DamageError as error:
        raise damaged(path, str(error)) from error
    except ConfigurationError as error:
        raise type(error)(f"{path} cannot be opened as it is: {error}") from error
    network.name = Path(path).stem
    network.record = {"opened_from": Path(path).name, "format": found.kind}
    return network


def _demand_nothing(**given: object) -> None:
    """Refuse what was given beside a file that says all of it: ConfigurationError says what."""
    told = [name for name, value in given.items() if value not in (None, True)]
    if told:
        raise ConfigurationError(f"it says itself which network it is of. Leave {' and '.join(told)} out.")


def is_older(path: str | os.PathLike[str]) -> bool:
    """Whether a file is in a format of other programs, into which Inkling never writes.

    Of safetensors, and of what is not there, `nn.files.weights.load_network` tells.
    """
    try:
        with telling(), regular(path) as file:
            start = file.peek(64)[:64]
    except DamageError:
        return False
    is_safetensors = start[5:9] == b"\0\0\0{"
    return bool(start) and not is_safetensors and start.lstrip()[:1] in b"{(]}\x80c\x1fP"


def _beside(path: Path) -> Path | None:
    """Return the file of biases that lies beside one of weights, by their names."""
    beside = path.with_name(path.name.replace("weights", "biases"))
    return beside if beside != path and beside.is_file() else None
