"""What a network imagines that may say "no digit": it is asked in every way, and says what it finds nearest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.calibration import Calibration
from nn.explain.imagination import METHODS, imagine, imagine_all
from nn.losses import CrossEntropy
from nn.recognition import WOULD_BE_REFUSED

if TYPE_CHECKING:
    from nn.network import Network


@pytest.mark.parametrize("method", METHODS)
def test_every_method_asks_it(line_reader: Network, method: str) -> None:
    one = imagine(line_reader, 1, method)
    assert one.picture.shape == (28, 28)
    assert one.is_recognized


@pytest.mark.parametrize("method", ["transposed", "backquery"])
def test_the_weights_imagine_the_same_whatever_the_loss(line_reader: Network, method: str) -> None:
    closed = line_reader.copy()
    closed.loss = CrossEntropy()
    np.testing.assert_array_equal(imagine(line_reader, 1, method).picture, imagine(closed, 1, method).picture)


def test_a_picture_that_would_be_refused_is_told_with_what_it_is_nearest_to(line_reader: Network) -> None:
    line_reader.calibration = Calibration(threshold=0)
    for imagination in imagine_all(line_reader):
        if imagination.frame.any():
            assert imagination.verdict.digit is not None
            assert imagination.verdict.reason == WOULD_BE_REFUSED
