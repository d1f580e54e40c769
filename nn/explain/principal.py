"""Principal components of digits: the few directions in which handwriting really varies.

784 pixels could show anything, and nearly all of it would be snow. Digits lie close to a plane of few dimensions
in that space. Its axes are the eigenvectors of the pixels' covariance, the directions of largest variance first:
one leans strokes, one widens loops. Forty of them hold four fifths of all that varies in MNIST's digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nn.errors import DataError

if TYPE_CHECKING:
    from nn.arrays import Array, Bytes, Float32

COUNT = 40
_CHUNK = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class PrincipalComponents:
    """A plane near which digits lie, and how far they go along each of its axes."""

    mean: Float32
    """Shape (784,): the average digit, ink 0..1."""
    axes: Float32
    """Shape (k, 784): orthonormal, the direction of largest variance first."""
    deviations: Float32
    """Shape (k,): standard deviation of digits along each axis, falling."""
    share: float
    """Of the variance of all pixels that lies in these directions, 0..1."""

    def pictures(self, whitened: Array) -> Array:
        r"""Return the points of the plane, :math:`\mu + (z \odot \sigma) C`, shape (n, k) to (n, 28, 28).

        A coordinate of 1 is one standard deviation of digits. Ink is not held to 0..1.
        """
        drawn: Array = self.mean + whitened @ (self.axes * self.deviations[:, np.newaxis])
        return drawn.reshape(-1, 28, 28)

    def whitened(self, pictures: Array) -> Array:
        """Return the coordinates of the points of the plane nearest to pictures: (n, 28, 28) to (n, k)."""
        flat = pictures.reshape(len(pictures), -1) - self.mean
        coordinates: Array = flat @ self.axes.T / self.deviations
        return coordinates


def principal_components(images: Bytes, count: int = COUNT) -> PrincipalComponents:
    r"""Find the principal components of digits.

    .. math:: \frac{1}{n} \sum_i (x_i - \mu)(x_i - \mu)^T = C^T \operatorname{diag}(\sigma^2)\, C

    Parameters
    ----------
    images
        uint8 (n, 28, 28).
    count
        How many directions to keep.

    Raises
    ------
    DataError
        If so many directions cannot be told from so few digits.

    Notes
    -----
    K. Pearson, 1901; H. Hotelling, 1933. The covariance is 784 x 784 whatever the number of digits, so that its
    eigenvectors take a second where a decomposition of all digits would take minutes. Each axis is turned so that
    its largest value is positive, for an eigenvector's sign means nothing and would be the library's choice.
    """
    mean, covariance = _covariance(images)
    variances, vectors = np.linalg.eigh(covariance)
    total = float(variances.sum())
    largest = variances[::-1][:count]
    if len(images) < 2 or not 0 < count <= len(mean) or largest[-1] <= 1e-9 * total:
        raise DataError(
            f"{len(images)} digits do not tell {count} directions in which they vary; give more of them."
        )
    axes = vectors[:, ::-1][:, :count].T
    axes *= np.sign(axes[np.arange(count), np.abs(axes).argmax(axis=1)])[:, np.newaxis]
    return PrincipalComponents(
        mean.astype(np.float32),
        np.ascontiguousarray(axes, np.float32),
        np.sqrt(largest).astype(np.float32),
        float(largest.sum()) / total if total else 0.0,
    )


def _covariance(images: Bytes) -> tuple[Array, Array]:
    """Return mean and covariance of ink 0..1 in float64, some digits at a time."""
    pixels = images.reshape(len(images), -1)
    mean: Array = pixels.mean(axis=0, dtype=np.float64) / 255
    covariance = np.zeros((len(mean), len(mean)))
    for start in range(0, len(pixels), _CHUNK):
        # float32 halves the time; what it rounds away is a millionth of the least variance that is kept.
        apart = (pixels[start : start + _CHUNK] / np.float32(255) - mean).astype(np.float32)
        covariance += apart.T @ apart
    return mean, covariance / len(pixels)
