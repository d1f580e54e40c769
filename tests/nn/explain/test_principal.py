"""Principal components: laws of linear algebra, and pictures that keep to the plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nn.__main__ import main
from nn.data.mnist import load_mnist_test
from nn.data.synthetic import synthetic_dataset
from nn.errors import ConfigurationError, DataError, WeightsError
from nn.explain.imagination import CLIMBS, climbing, imagine_all
from nn.explain.principal import PrincipalComponents, principal_components
from nn.explain.principal_ascent import Wandering, ascending_among_digits
from nn.files.opening import open_network
from nn.files.priors import load_components, save_components, shipped_components
from nn.network import mlp

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def components() -> PrincipalComponents:
    return principal_components(synthetic_dataset(400, seed=2).images, 20)


def test_axes_are_orthonormal_and_deviations_fall(components: PrincipalComponents) -> None:
    np.testing.assert_allclose(components.axes @ components.axes.T, np.eye(20), atol=1e-5)
    assert (np.diff(components.deviations) <= 0).all()
    assert 0.4 < components.share < 1


def test_digits_vary_by_one_and_independently_in_whitened_coordinates(components: PrincipalComponents) -> None:
    z = components.whitened(synthetic_dataset(400, seed=2).images / np.float32(255))
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(z.T @ z / len(z), np.eye(20), atol=1e-2)


def test_they_are_those_of_a_singular_value_decomposition(components: PrincipalComponents) -> None:
    flat = synthetic_dataset(400, seed=2).images.reshape(400, 784) / 255
    _, singular, axes = np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(components.deviations, singular[:20] / np.sqrt(400), rtol=1e-4)
    np.testing.assert_allclose(np.abs((components.axes * axes[:20]).sum(axis=1)), 1, atol=1e-3)


def test_coordinates_lead_to_a_picture_and_back(components: PrincipalComponents) -> None:
    z = np.random.default_rng(0).standard_normal((5, 20), np.float32)
    np.testing.assert_allclose(components.whitened(components.pictures(z)), z, atol=1e-3)


def test_too_few_digits_are_refused() -> None:
    with pytest.raises(DataError, match="give more"):
        principal_components(np.zeros((3, 28, 28), np.uint8))


def test_they_come_back_from_a_file_and_a_damaged_one_is_refused(
    components: PrincipalComponents, tmp_path: Path
) -> None:
    path = tmp_path / "principal.safetensors"
    save_components(components, path, origin="synthetic digits")
    again = load_components(path)
    for name in ("mean", "axes", "deviations"):
        np.testing.assert_array_equal(getattr(again, name), getattr(components, name))
    assert again.share == components.share
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    with pytest.raises(WeightsError, match="checksum"):
        load_components(path)


def test_a_climb_among_digits_keeps_to_the_plane_and_near_its_middle() -> None:
    shipped, network = shipped_components(), mlp([784, 20, 10], seed=1)
    for imagination in imagine_all(network, "principal"):
        z = shipped.whitened(imagination.evidence[np.newaxis])
        np.testing.assert_allclose(shipped.pictures(z)[0], imagination.evidence, atol=1e-4)
        assert 0 < np.abs(z).max() < 6
        np.testing.assert_array_equal(imagination.picture, np.clip(imagination.evidence, 0, 1))


@pytest.mark.parametrize("method", CLIMBS)
def test_a_watched_climb_ends_where_an_unwatched_one_does(method: str) -> None:
    network = mlp([784, 20, 10], seed=1)
    *_, last = climbing(network, method, every=7, seed=3)
    for seen, other, another in zip(
        last, imagine_all(network, method, seed=3), imagine_all(network, method, seed=4), strict=True
    ):
        np.testing.assert_array_equal(seen.picture, other.picture)
        assert (seen.picture != another.picture).any()


def test_a_climb_of_no_steps_among_digits_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="at least 1"):
        next(ascending_among_digits(mlp([784, 10]), [1], shipped_components(), how=Wandering(steps=0)))


def test_shipped_components_are_made_again_from_mnist(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "principal.safetensors"
    assert main(["principal", "--out", str(path)]) == 0
    assert "78.61%" in capsys.readouterr().out
    made, shipped = load_components(path), shipped_components()
    np.testing.assert_allclose(made.axes, shipped.axes, atol=1e-4)
    np.testing.assert_allclose(made.deviations, shipped.deviations, rtol=1e-4)


def test_among_digits_pictures_convince_another_network_and_plain_ones_do_not(data_folder: Path) -> None:
    seeds = data_folder / "seeds"
    network = open_network(seeds / "weights_file", activation="sigmoid")
    judge = open_network(seeds / "params.pkl")
    agreed = {}
    for method in ("principal", "ascent-plain"):
        imagined = imagine_all(network, method)
        assert sum(imagination.is_recognized for imagination in imagined) >= 9
        read = judge.predict(np.stack([imagination.frame for imagination in imagined])).argmax(axis=1)
        agreed[method] = int((read == np.arange(10)).sum())
    assert agreed["principal"] >= 8
    assert agreed["ascent-plain"] <= agreed["principal"] - 3


def test_the_fifth_seed_imagines_nine_though_its_nine_never_learned(data_folder: Path) -> None:
    network = open_network(data_folder / "seeds" / "weights_file", activation="sigmoid")
    imagined = imagine_all(network, "transposed")
    assert imagined[9].picture.any()
    assert [imagination.verdict.digit for imagination in imagined] == list(range(10))
    # Its output hardly tells nines from other digits; they are read by what the other nine deny.
    digits = load_mnist_test()
    outputs = network.forward(network.inputs(digits.images))
    own, nine = (outputs[digits.labels == digit, digit].mean() for digit in (0, 9))
    assert own > 0.8
    assert nine < outputs[digits.labels == 4, 9].mean()


@pytest.mark.parametrize("method", ["transposed", "backquery", *CLIMBS])
def test_a_convolutional_network_is_asked_by_every_method(data_folder: Path, method: str) -> None:
    network = open_network(data_folder / "seeds" / "params.pkl")
    for imagination in imagine_all(network, method):
        assert imagination.is_recognized
        assert 0 <= imagination.picture.min() <= imagination.picture.max() <= 1
