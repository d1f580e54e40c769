"""Networks: layers in order and a loss behind the last.

`network` has what they compute, `vectors` how their numbers lie, `ready` what is left of them for reading alone,
`mlp` builds the simplest kind, and `description` is what can be said of an architecture in JSON and in words.
"""

from __future__ import annotations

from nn.network.mlp import hidden_sizes, mlp
from nn.network.network import Network

__all__ = ["Network", "hidden_sizes", "mlp"]
