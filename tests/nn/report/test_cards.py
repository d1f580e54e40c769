"""Each network that ships has a card beside it, made of it by `report`, without digits of any data set."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from nn.files.shipped import shipped_names, shipped_network

MODELS = files("assets") / "models"


@pytest.mark.parametrize("name", shipped_names())
def test_a_network_has_its_card(name: str) -> None:
    card, network = (MODELS / f"{name}.md").read_text(encoding="utf-8"), shipped_network(name)
    assert card.startswith(f"# {network.name}\n")
    assert f"| Parameters | {network.parameters.size:,}, float32 |" in card
    assert (
        f"`python -m nn train --recipe house{'' if name == 'cnn' else f'-{name}'} --seed {network.seed} " in card
    )
    assert "| MNIST test | 10,000 | " in card
    assert "## Data and terms" in card


@pytest.mark.parametrize("name", shipped_names())
def test_its_pictures_are_there_and_none_is_of_digits(name: str) -> None:
    pictures = re.findall(r"\]\((.+?\.png)\)", (MODELS / f"{name}.md").read_text(encoding="utf-8"))
    assert pictures == [f"{name}-robustness.png", f"{name}-reliability.png"]
    assert all((MODELS / picture).is_file() for picture in pictures)
