"""Inkling's neural-network library: plain numpy, written to be read.

Begin with `nn.layers.dense`, where back-propagation is; then `nn.network` and `nn.training`. The same library
works without Python code as ``python -m nn``.

Examples
--------
A network learns to tell its first digits apart from the built-in synthetic ones:

>>> import nn
>>> digits = nn.synthetic_dataset(600, seed=1)
>>> data = nn.DigitData(digits.subset(slice(500)), digits.subset(slice(500, 600)), None, "synthetic digits")
>>> network = nn.mlp([784, 30, 10], seed=0)
>>> for event in nn.train(network, data, nn.TrainingConfig(epochs=5)):
...     pass
>>> nn.evaluate(network, data.validation).accuracy > 0.5
True
"""

# Names are fetched from their homes, listed in __init__.pyi, when they are asked for: a window or a command loads
# only what it uses.
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
