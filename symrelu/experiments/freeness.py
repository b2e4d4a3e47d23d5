"""How free H0 and H1 of a trained network are (Pennington & Bahri, sections 5.2.1, 5.2.2, 5.2.4 and figure 2).

Two facts about ReLU networks bound what can be expected. In the m-scaled blocks of eqs. (3), (4)

    tr(H0 H1) = (2/m) sum over a, b of (h x')_{ab} dL/dW1_{ab},

so the first mixed moment vanishes at every critical point, as for free matrices (tr H1 = 0 always). And rescaling the
n1 hidden units gives n1 directions on which H0 is 0, and H0 + H1 too at a critical point, while a rotation spreads
them: the spectra differ by some n1/N in Kolmogorov's distance however free the rest is.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from symrelu.errors import BadInput
from symrelu.experiments.data import PIXELS, data
from symrelu.experiments.network import Problem
from symrelu.experiments.statistics import distance_between, distance_to_normal, excess_kurtosis, rotated
from symrelu.experiments.training import trained
from symrelu.free.series import cumulants_of, moments_of

MOMENTS = 6
RESOLVED = 1e-3  # times the largest |eigenvalue|: a negative one closer to 0 is not counted


@dataclass(frozen=True)
class Freeness:
    """How far two symmetric matrices a, b are from free independence, phi = trace/n; all 0 for free ones.

    ``alternating``: phi(ABAB)/(phi(A**2) phi(B**2)) of the centred A = a - phi(a), B = b - phi(b), the first mixed
    moment that tells free from commuting independent matrices (where it is 1); ``pair``: phi(AB)/sqrt(phi(A**2)
    phi(B**2)), the alignment of their entries; ``defects``: of the moments m_2, ..., m_6 of A + B, the difference to
    those of the free sum of the two spectra, over the power of the standard deviation of the free sum; ``distance``:
    Kolmogorov's, of the spectrum of a + b to that of a + Q b Q' over several Haar matrices Q. The same four of one
    a, Q b Q' (at this n what chance does): ``by_chance``.
    """

    alternating: float
    pair: float
    defects: tuple[float, ...]
    distance: float
    by_chance: Freeness | None


def words(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """``alternating`` and ``pair`` of two symmetric matrices. ``a``, ``b``: those matrices, of one order."""
    n = len(a)
    A, B = a - np.trace(a) / n * np.eye(n), b - np.trace(b) / n * np.eye(n)
    AB = A @ B
    squares = float(np.sum(A * A) * np.sum(B * B)) / n**2
    return float(np.sum(AB * AB.T)) / n / squares, float(np.trace(AB)) / n / squares**0.5


def moment_defects(a: np.ndarray, b: np.ndarray, total: np.ndarray) -> tuple[float, ...]:
    """``defects``, from the eigenvalues of a, b and a + b. ``total``: those of a + b."""
    a, b = a - a.mean(), b - b.mean()
    total = total - total.mean()
    cumulants = [
        x + y
        for x, y in zip(
            cumulants_of([float(np.mean(a**k)) for k in range(MOMENTS + 1)]),
            cumulants_of([float(np.mean(b**k)) for k in range(MOMENTS + 1)]),
            strict=True,
        )
    ]
    free = moments_of(cumulants)
    return tuple(float((np.mean(total**k) - free[k]) / free[2] ** (k / 2)) for k in range(2, MOMENTS + 1))


def freeness(
    a: np.ndarray, b: np.ndarray, rng: np.random.Generator, rotations: int = 4
) -> tuple[Freeness, np.ndarray, np.ndarray]:
    """How free two symmetric matrices of one size are, with the eigenvalues of a + b, and those of a + Q b Q' for so
    many Haar matrices Q (one row each). Raises BadInput for less than two rotations, and for multiples of 1.
    """
    if rotations < 2:
        raise BadInput(f"{rotations} rotations were asked for; give at least 2: one is compared with the others")
    of_a, of_b = np.linalg.eigvalsh(a), np.linalg.eigvalsh(b)
    if min(np.ptp(of_a), np.ptp(of_b)) < 1e-12 * max(np.abs(of_a).max(), np.abs(of_b).max()):
        raise BadInput("one of the matrices is a multiple of 1, which is free from everything; nothing is measured")
    total = np.linalg.eigvalsh(a + b)
    turned = [rotated(b, rng) for _ in range(rotations)]
    spectra = np.array([np.linalg.eigvalsh(a + one) for one in turned])
    chance = Freeness(
        *words(a, turned[0]),
        moment_defects(of_a, of_b, spectra[0]),
        distance_between(spectra[0], spectra[1:]),
        None,
    )
    found = Freeness(*words(a, b), moment_defects(of_a, of_b, total), distance_between(total, spectra), chance)
    return found, total, spectra


@dataclass(frozen=True)
class Normality:
    """How normal a sample is: its excess kurtosis, and Kolmogorov's distance to the normal law of its mean and
    variance; ``size`` of the sample (by chance the distance is some 0.8/sqrt(size)). ``excess_kurtosis``: 0 for a
    normal law.
    """

    excess_kurtosis: float
    distance: float
    size: int


def normality(sample: np.ndarray) -> Normality:
    """How normal a sample is."""
    return Normality(excess_kurtosis(sample), distance_to_normal(sample), int(np.size(sample)))


@dataclass(frozen=True)
class TrainedAutoencoder:
    """A ReLU autoencoder after training, with the split of its Hessian, as figure 2 shows it.

    ``settings``: data set, hidden units, images, steps, rotations, seed; ``energy`` eps and ``gradient`` |dL/dtheta|;
    ``means`` and ``deviations``: of the spectra of H0 and H1; ``total`` and ``rotated``: eigenvalues of H0 + H1, and of
    H0 + Q H1 Q' (one row a rotation), and ``negative``, the share below -1e-3 of the largest among them; normality of
    the residuals and of the weights of both layers. ``freeness``: of H0 and H1; ``first_layer``, ``second_layer``:
    those of the weights.
    """

    settings: dict[str, Any]
    phi: float
    energy: float
    gradient: float
    means: tuple[float, float]
    deviations: tuple[float, float]
    negative: tuple[float, float]
    freeness: Freeness
    residuals: Normality
    first_layer: Normality
    second_layer: Normality
    total: tuple[float, ...]
    rotated: tuple[tuple[float, ...], ...]


def task(
    dataset: str = "digits", hidden: int = 20, images: int = 150, steps: int = 1000, rotations: int = 4, seed: int = 1
) -> dict[str, Any]:
    """The task of one autoencoder; by default that of figure 2: 20 hidden units, 150 images of 4 x 4.

    ``rotations``: how many random Q are drawn.
    """
    return {
        "experiment": "freeness",
        "dataset": dataset,
        "hidden": hidden,
        "images": images,
        "steps": steps,
        "rotations": rotations,
        "seed": seed,
    }


def trained_autoencoder(settings: dict[str, Any]) -> TrainedAutoencoder:
    """Train a ReLU autoencoder by Adam and measure how free H0 and H1 are; ``settings`` as :func:`task` makes them."""
    rng = np.random.default_rng(settings["seed"])
    x = data(settings["dataset"], settings["images"], rng, PIXELS)
    problem = Problem("relu", x, x, settings["hidden"])
    point = problem.at(trained(problem, problem.initial(rng), settings["steps"]))
    found, total, turned = freeness(point.H0, point.H1, rng, settings["rotations"])
    of_0, of_1 = np.linalg.eigvalsh(point.H0), np.linalg.eigvalsh(point.H1)
    return TrainedAutoencoder(
        settings=settings,
        phi=problem.phi,
        energy=float(point.energy),
        gradient=float(np.linalg.norm(point.gradient)),
        means=(float(of_0.mean()), float(of_1.mean())),
        deviations=(float(of_0.std()), float(of_1.std())),
        negative=(_negative(total), _negative(turned)),
        freeness=found,
        residuals=normality(point.residuals),
        first_layer=normality(point.W1),
        second_layer=normality(point.W2),
        total=tuple(total.tolist()),
        rotated=tuple(tuple(row) for row in turned.tolist()),
    )


def _negative(values: np.ndarray) -> float:
    return float(np.mean(values < -RESOLVED * np.max(np.abs(values))))


def work(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """The record of one autoencoder."""
    return [asdict(trained_autoencoder(settings))]


__all__ = [
    "Freeness",
    "Normality",
    "TrainedAutoencoder",
    "freeness",
    "moment_defects",
    "normality",
    "task",
    "trained_autoencoder",
    "words",
    "work",
]
