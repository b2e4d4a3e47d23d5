"""Data of the experiments: whitened digits images as the stand-in for the paper's CIFAR-10, and Gaussian data beside.

The digits are those bundled with scikit-learn: 1797 images of 8 x 8 (UCI, Alpaydin & Kaynak), downsampled to 4 x 4.
"""

from __future__ import annotations

import importlib
from functools import cache

import numpy as np

from symrelu.errors import BadInput

DATASETS = ("digits", "gaussian")
IMAGES, PIXELS = 1797, 16


def whitened(x: np.ndarray) -> np.ndarray:
    """Rows (features) made to have mean 0 and covariance 1 over the columns, by the symmetric square root.

    Raises BadInput where the covariance is singular: fewer examples than features, or a feature without variance.
    """
    x = x - x.mean(axis=1, keepdims=True)
    values, vectors = np.linalg.eigh(x @ x.T / x.shape[1])
    if values[0] <= 1e-12 * values[-1]:
        raise BadInput(f"data of {x.shape[0]} features and {x.shape[1]} examples of singular covariance: give more")
    return np.asarray((vectors / np.sqrt(values)) @ vectors.T @ x)


def raw_digits() -> np.ndarray:
    """All images of 4 x 4 as they are, not whitened: (16, 1797). BadInput where scikit-learn is not installed."""
    try:
        datasets = importlib.import_module("sklearn.datasets")  # untyped
    except ImportError:
        raise BadInput(
            "the digits images come with scikit-learn, which is not installed: pip install 'symrelu[experiments]'"
        ) from None
    images = datasets.load_digits().images
    return np.asarray(images.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(-1, PIXELS).T)


@cache
def _all_digits() -> np.ndarray:
    found = whitened(raw_digits())
    found.setflags(write=False)
    return found


def digits(m: int, rng: np.random.Generator) -> np.ndarray:
    """m different images, whitened over all of them, as an array of shape (16, m); BadInput for more than 1797."""
    if not 1 <= m <= IMAGES:
        raise BadInput(f"{m} images were asked for; give 1 to {IMAGES}")
    return _all_digits()[:, rng.choice(IMAGES, m, replace=False)]


def data(name: str, m: int, rng: np.random.Generator, n: int = PIXELS) -> np.ndarray:
    """m examples of n features (16 for digits), shape (n, m), by the name of a data set: digits or gaussian."""
    if name not in DATASETS:
        raise BadInput(f"the data set {name!r} was asked for; there are {', '.join(DATASETS)}")
    if name == "gaussian":
        return rng.standard_normal((n, m))
    if n != PIXELS:
        raise BadInput(f"{n} features of digits were asked for; the images of 4 x 4 have {PIXELS}")
    return digits(m, rng)


__all__ = ["DATASETS", "data", "digits", "raw_digits", "whitened"]
