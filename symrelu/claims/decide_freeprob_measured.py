"""What Pennington & Bahri measured, measured again by :mod:`symrelu.experiments`: ``empirical``, ours beside theirs.

Short seeded runs of some seconds each; the figures freeprob-2 to freeprob-6 take more. For CIFAR-10 stand the digits
images of scikit-learn, or Gaussian data where that is not installed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.experiments.freeness import TrainedAutoencoder

if TYPE_CHECKING:
    import numpy as np

    from symrelu.experiments.curves import Fit

SEED = 1
RESTS = (
    f"one seeded run of symrelu.experiments (seed {SEED}), small: it shows the size of the effect, it proves nothing"
)


@dataclass(frozen=True)
class Measured:
    """What one measurement says: in words, and its numbers by name."""

    words: str
    numbers: dict[str, float]


def _dataset() -> str:
    return "digits" if find_spec("sklearn") else "gaussian"


@cache
def _autoencoder() -> TrainedAutoencoder:
    from symrelu.experiments.freeness import task, trained_autoencoder

    return trained_autoencoder(task(_dataset(), steps=500, seed=SEED))


def _freeness() -> Measured:
    found = _autoencoder()
    free, chance = found.freeness, found.freeness.by_chance
    assert chance is not None
    numbers = {
        "energy": found.energy,
        "distance": free.distance,
        "distance by chance": chance.distance,
        "alternating": free.alternating,
        "alternating by chance": chance.alternating,
    }
    words = (
        f"trained on 150 {_dataset()} images of 4 x 4, 20 units, eps = {found.energy:.3f}: Kolmogorov distance of the "
        f"spectra of H0 + H1 and H0 + Q H1 Q' {free.distance:.3f} (of one rotation to the others "
        f"{chance.distance:.3f}); "
        f"E ABAB of the centred parts {free.alternating:.3f} of its value for commuting ones ({chance.alternating:.3f})"
    )
    return Measured(words, numbers)


def _residuals() -> Measured:
    found = _autoencoder().residuals
    chance = 0.8 / found.size**0.5
    words = (
        f"residuals of the trained autoencoder: excess kurtosis {found.excess_kurtosis:.2f}, Kolmogorov distance "
        f"{found.distance:.3f} to a normal law ({chance:.3f} by chance)"
    )
    numbers = {"kurtosis": found.excess_kurtosis, "distance": found.distance, "distance by chance": chance}
    return Measured(words, numbers)


def _weights() -> Measured:
    found, said = _autoencoder(), []
    numbers: dict[str, float] = {}
    for i, w in enumerate((found.first_layer, found.second_layer), 1):
        chance = 0.8 / w.size**0.5
        said.append(
            f"layer {i}: excess kurtosis {w.excess_kurtosis:.2f}, distance {w.distance:.3f} ({chance:.3f} by chance)"
        )
        numbers |= {f"kurtosis {i}": w.excess_kurtosis, f"distance {i}": w.distance}
    return Measured(f"weights of the trained autoencoder against a normal law: {', '.join(said)}", numbers)


def _raw() -> tuple[np.ndarray, str]:
    """Data that nobody has whitened, and what they are."""
    from symrelu.experiments.data import raw_digits

    if _dataset() == "digits":
        return raw_digits(), "digits images of 4 x 4"
    import numpy as np

    rng = np.random.default_rng(SEED)
    mixed = rng.standard_normal((16, 16)) @ rng.exponential(size=(16, 1797))
    return np.asarray(mixed), "mixtures of exponential variables (scikit-learn is not installed)"


def _data() -> Measured:
    """Each feature against a normal law: as it is, whitened, and along random directions of the whitened data."""
    import numpy as np

    from symrelu.experiments.data import whitened
    from symrelu.experiments.statistics import distance_to_normal, excess_kurtosis, haar

    raw, name = _raw()
    white = whitened(raw)
    rng = np.random.default_rng(SEED)
    n, m = raw.shape
    numbers, said = {"distance by chance": 0.8 / m**0.5}, []
    for kind, x in (
        ("raw", raw),
        ("whitened", white),
        ("projected", haar(n, rng) @ white),
        ("gaussian", rng.standard_normal((n, m))),
    ):
        found = {
            "correlation": float(np.max(np.abs(np.corrcoef(x) - np.eye(n)))),
            "kurtosis": float(np.mean([abs(excess_kurtosis(row)) for row in x])),
            "distance": float(np.mean([distance_to_normal(row) for row in x])),
        }
        if kind != "raw":  # the variance of |x|**2 over that of n independent normal features of variance 1
            found["norms"] = float(np.var(np.sum(x**2, axis=0))) / (2 * n)
        numbers |= {f"{what} {kind}": value for what, value in found.items()}
        said.append(
            f"{kind}: largest correlation {found['correlation']:.2f}, |excess kurtosis| {found['kurtosis']:.2f}, "
            f"distance {found['distance']:.3f}"
        )
    words = (
        f"{m} {name}, features one by one against a normal law (means over the {n}): {'; '.join(said)} "
        f"({numbers['distance by chance']:.3f} by chance). Whitening makes all second moments those of independent "
        f"features, by its definition, and no others: the variance of |x|**2 is {numbers['norms whitened']:.1f} times "
        "that of normal features"
    )
    return Measured(words, numbers)


def _h1() -> Measured:
    from symrelu.experiments.initial import h1_task, noise_spectrum

    said = []
    numbers: dict[str, float] = {}
    for phi in (Fraction(1, 16), Fraction(1, 4)):
        found = noise_spectrum(h1_task(phi, dataset=_dataset(), runs=4, seed=SEED))
        said.append(
            f"phi = {phi}: Kolmogorov distance {found.distance:.3f} to the law of (28), second and fourth moment "
            f"{found.second:.2f} and {found.fourth:.2f} of it"
        )
        numbers |= {f"distance {phi}": found.distance, f"second {phi}": found.second, f"fourth {phi}": found.fourth}
    return Measured(f"{'; '.join(said)} ({_dataset()}, n = 16, eps = 50)", numbers)


def _h0() -> Measured:
    from symrelu.experiments.initial import gauss_newton_spectrum, h0_task

    found = gauss_newton_spectrum(h0_task(dataset=_dataset(), seed=SEED))
    low, high = (found.trace * (1 + sign * float(Fraction(found.phi)) ** 0.5) ** 2 for sign in (-1, 1))
    values = found.eigenvalues
    words = (
        f"{found.null} null directions, then {values[0]:.4f}, {values[1]:.4f}, ..., {values[-1]:.2f}; mean "
        f"{found.trace:.3f}, and the Marchenko-Pastur law of that mean has its edges at {low:.3f} and {high:.2f}"
    )
    numbers = {"null": found.null, "least": values[0], "largest": values[-1], "mean": found.trace}
    return Measured(f"{words} ({_dataset()}, n = 16, m = 256)", numbers | {"lower edge": low, "upper edge": high})


def _gap() -> Measured:
    from symrelu.experiments.initial import fitted_gap, gap, gap_task

    phis = [Fraction(1, k) for k in (4, 8, 16, 32)]
    found = fitted_gap([gap(gap_task(phi, _dataset(), runs=3, seed=SEED)) for phi in phis])
    gaps = ", ".join(f"{g.mean:.4f} at 1/phi = {1 / Fraction(g.phi)}" for g in found.gaps)
    words = (
        f"gaps {gaps}; best fit sigma = {found.sigma:.3f}, relative residual {found.residual:.2f}, while the mean of "
        f"the spectrum, which is sigma in (29), is {found.gaps[-1].trace:.2f}"
    )
    numbers = {"sigma": found.sigma, "residual": found.residual, "mean": found.gaps[-1].trace}
    numbers |= {f"gap {g.phi}": g.mean for g in found.gaps}
    return Measured(f"{words} ({_dataset()}, 3 networks each)", numbers)


def _universal() -> Measured:
    from symrelu.experiments.universality import universality

    found = {name: point.together for name, point in universality(n=80, draws=6, seed=SEED).items()}
    ours = ", ".join(f"{name} {distance:.4f}" for name, distance in found.items())
    return Measured(f"Kolmogorov distance to the law of (18), phi = 1/4, eps = 1/10, n = 80, by entries: {ours}", found)


def _finite_size() -> Measured:
    from symrelu.experiments.universality import finite_size

    found = finite_size(sizes=(20, 40, 80, 160), draws=6, seed=SEED)
    ours = ", ".join(f"{point.distance:.4f} at n = {point.n}" for point in found.points)
    words = f"Kolmogorov distance to the law of (18): {ours}, falling like n**{found.slope:.2f}"
    return Measured(words, {"slope": found.slope} | {f"distance {p.n}": p.distance for p in found.points})


def _index_curve() -> Measured:
    from symrelu.experiments import critical
    from symrelu.experiments.curves import index_curves, tasks

    todo = tasks([Fraction(1, 2)], n=4, runs=100, seed=SEED)
    (curve,) = index_curves([r for task in todo for r in critical.work(task)])
    numbers: dict[str, float] = {"runs": curve.runs, "left out": curve.left_out}
    if curve.fit:
        fit, (low, high) = curve.fit, curve.fit.exponents
        numbers |= {"eps_c": fit.eps_c, "error": fit.eps_c_error, "low": low, "high": high, "fitted": fit.runs}
    words = (
        f"tanh, n = 4, phi = 1/2, {curve.runs} runs, {curve.left_out} left out as J_g > 1e-6, {_windows(todo)}: "
        f"{_fitted(curve.fit)}; so few runs determine no exponent, and one phi does not tell whether smaller ones fit "
        "better: more by symrelu figure freeprob-6"
    )
    return Measured(words, numbers)


def _windows(todo: Sequence[dict[str, Any]]) -> str:
    """At which energies the descent on the loss was left, uniformly, in parts of its first one."""
    named = " or ".join(dict.fromkeys(f"({low}, {high})" for low, high in (task["between"] for task in todo)))
    paper = " (that of the paper)" if named == "(0, 1)" else " (the paper's is (0, 1))"
    return f"descent on the loss left at a uniformly random part of its first energy in {named}{paper}"


def _fitted(fit: Fit | None) -> str:
    """A fit in words; ends of its range of exponents that are ends of the search as what they are."""
    from symrelu.experiments.curves import EXPONENTS

    if fit is None:
        return "too few of small index for a fit"
    low, high = fit.exponents
    least = f"{low:.2f} (the least tried) or less" if low <= EXPONENTS[0] else f"{low:.2f}"
    most = f"at least {high:.2f} (the largest tried)" if high >= EXPONENTS[-1] else f"{high:.2f}"
    return (
        f"eps_c = {fit.eps_c:.3f} +- {fit.eps_c_error:.3f} with the exponent 3/2, from the {fit.runs} runs with alpha "
        f"<= {fit.up_to}, where exponents from {least} to {most} fit within a standard error"
    )


def _minimizers() -> Measured:
    from symrelu.experiments.minima import linear_minima, minima

    said = []
    numbers: dict[str, float] = {}
    for phi in (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)):
        tanh = minima(phi, n=9, runs=6, seed=SEED, steps=150)
        linear = linear_minima(phi, n=9, seed=SEED)
        curve = (1 - float(phi)) ** 2 / 2
        said.append(
            f"phi = {phi}: {tanh.energy:.3f} +- {tanh.error:.3f} against {curve:.3f}; linear {linear.energy:.3f} "
            f"against {(1 - float(phi)) / 2:.3f}, and (1 - phi/2)/2 = {(1 - float(phi) / 2) / 2:.3f}"
        )
        numbers |= {f"tanh {phi}": tanh.energy, f"linear {phi}": linear.energy}
    return Measured(f"energies at the end of descent, n = 9: {'; '.join(said)}", numbers)


MEASUREMENTS: dict[str, Callable[[], Measured]] = {
    "freeness": _freeness,
    "residuals": _residuals,
    "weights": _weights,
    "data": _data,
    "h1": _h1,
    "h0": _h0,
    "gap": _gap,
    "universal": _universal,
    "finite size": _finite_size,
    "index curve": _index_curve,
    "minimizers": _minimizers,
}


@cache
def measured(subject: str) -> Measured:
    """The measurement on a subject, one of ``MEASUREMENTS``, done once in a process."""
    return MEASUREMENTS[subject]()


def _measure(claim: Claim, context: Context) -> Outcome:
    """Ours beside the printed words."""
    return "empirical", f"ours: {measured(claim.subject).words}; printed: {claim.printed}", "numerical", RESTS


def _open(claim: Claim, context: Context) -> Outcome:
    """Not decided here, with the reason in ``printed``."""
    return "open", claim.printed, "none", "not decided here"


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {"free_measured": _measure, "free_open": _open}

__all__ = ["DECIDERS", "MEASUREMENTS", "Measured", "measured"]
