"""What comes with Inkling is read by name."""

from __future__ import annotations

import pytest

from nn.errors import WeightsError
from nn.files.shipped import shipped_names, shipped_network


def test_a_name_that_is_not_here_is_told_with_those_that_are() -> None:
    with pytest.raises(WeightsError, match="No network called 'nothing' comes with this Inkling"):
        shipped_network("nothing")


def test_a_name_cannot_lead_out_of_the_folder() -> None:
    with pytest.raises(WeightsError):
        shipped_network("../models/mlp")


def test_every_network_that_is_here_can_be_read() -> None:
    for name in shipped_names():
        network = shipped_network(name)
        assert network.classes == 10
        assert shipped_network(name) is not network
