"""What Pennington & Bahri measured, measured again by :mod:`symrelu.experiments`: ``empirical``, ours beside theirs.

Short seeded runs of some seconds each; the figures freeprob-2 to freeprob-6 take more. For CIFAR-10 stand the digits
images of scikit-learn, or Gaussian data where that is not installed.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from importlib.util import find_spec

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.experiments.freeness import TrainedAutoencoder

SEED = 1
RESTS = (
    f"one seeded run of symrelu.experiments (seed {SEED}), small: it shows the size of the effect, it proves nothing"
)


def _dataset() -> str:
    return "digits" if find_spec("sklearn") else "gaussian"


def _measured(claim: Claim, ours: str) -> Outcome:
    return "empirical", f"ours: {ours}; printed: {claim.printed}", "numerical", RESTS


@cache
def _autoencoder() -> TrainedAutoencoder:
    from symrelu.experiments.freeness import task, trained_autoencoder

    return trained_autoencoder(task(_dataset(), steps=500, seed=SEED))


def _freeness(claim: Claim, context: Context) -> Outcome:
    found = _autoencoder()
    free, chance = found.freeness, found.freeness.by_chance
    assert chance is not None
    ours = (
        f"trained on 150 {_dataset()} images of 4 x 4, 20 units, eps = {found.energy:.3f}: Kolmogorov distance of the "
        f"spectra of H0 + H1 and H0 + Q H1 Q' {free.distance:.3f} (of one rotation to the others "
        f"{chance.distance:.3f}); "
        f"E ABAB of the centred parts {free.alternating:.3f} of its value for commuting ones ({chance.alternating:.3f})"
    )
    return _measured(claim, ours)


def _residuals(claim: Claim, context: Context) -> Outcome:
    found = _autoencoder().residuals
    ours = (
        f"residuals of the trained autoencoder: excess kurtosis {found.excess_kurtosis:.2f}, Kolmogorov distance "
        f"{found.distance:.3f} to a normal law ({0.8 / found.size**0.5:.3f} by chance)"
    )
    return _measured(claim, ours)


def _weights(claim: Claim, context: Context) -> Outcome:
    found = _autoencoder()
    ours = ", ".join(
        f"layer {i}: excess kurtosis {w.excess_kurtosis:.2f}, distance {w.distance:.3f} "
        f"({0.8 / w.size**0.5:.3f} by chance)"
        for i, w in enumerate((found.first_layer, found.second_layer), 1)
    )
    return _measured(claim, f"weights of the trained autoencoder against a normal law: {ours}")


def _h1(claim: Claim, context: Context) -> Outcome:
    from symrelu.experiments.initial import h1_task, noise_spectrum

    said = []
    for phi in (Fraction(1, 16), Fraction(1, 4)):
        found = noise_spectrum(h1_task(phi, dataset=_dataset(), runs=4, seed=SEED))
        said.append(
            f"phi = {phi}: Kolmogorov distance {found.distance:.3f} to the law of (28), second and fourth moment "
            f"{found.second:.2f} and {found.fourth:.2f} of it"
        )
    return _measured(claim, f"{'; '.join(said)} ({_dataset()}, n = 16, eps = 50)")


def _h0(claim: Claim, context: Context) -> Outcome:
    from symrelu.experiments.initial import gauss_newton_spectrum, h0_task

    found = gauss_newton_spectrum(h0_task(dataset=_dataset(), seed=SEED))
    low, high = (found.trace * (1 + sign * float(Fraction(found.phi)) ** 0.5) ** 2 for sign in (-1, 1))
    values = found.eigenvalues
    ours = (
        f"{found.null} null directions, then {values[0]:.4f}, {values[1]:.4f}, ..., {values[-1]:.2f}; mean "
        f"{found.trace:.3f}, and the Marchenko-Pastur law of that mean has its edges at {low:.3f} and {high:.2f}"
    )
    return _measured(claim, f"{ours} ({_dataset()}, n = 16, m = 256)")


def _gap(claim: Claim, context: Context) -> Outcome:
    from symrelu.experiments.initial import fitted_gap, gap, gap_task

    phis = [Fraction(1, k) for k in (4, 8, 16, 32)]
    found = fitted_gap([gap(gap_task(phi, _dataset(), runs=3, seed=SEED)) for phi in phis])
    gaps = ", ".join(f"{g.mean:.4f} at 1/phi = {1 / Fraction(g.phi)}" for g in found.gaps)
    ours = (
        f"gaps {gaps}; best fit sigma = {found.sigma:.3f}, relative residual {found.residual:.2f}, while the "
        "mean of the"
        f" spectrum, which is sigma in (29), is {found.gaps[-1].trace:.2f}"
    )
    return _measured(claim, f"{ours} ({_dataset()}, 3 networks each)")


def _universal(claim: Claim, context: Context) -> Outcome:
    from symrelu.experiments.universality import universality

    found = universality(n=80, draws=6, seed=SEED)
    ours = ", ".join(f"{name} {point.together:.4f}" for name, point in found.items())
    return _measured(
        claim, f"Kolmogorov distance to the law of (18), phi = 1/4, eps = 1/10, n = 80, by entries: {ours}"
    )


def _finite_size(claim: Claim, context: Context) -> Outcome:
    from symrelu.experiments.universality import finite_size

    found = finite_size(sizes=(20, 40, 80, 160), draws=6, seed=SEED)
    ours = ", ".join(f"{point.distance:.4f} at n = {point.n}" for point in found.points)
    return _measured(claim, f"Kolmogorov distance to the law of (18): {ours}, falling like n**{found.slope:.2f}")


def _index_curve(claim: Claim, context: Context) -> Outcome:
    from symrelu.experiments import critical
    from symrelu.experiments.curves import index_curves, tasks

    records = [r for task in tasks([Fraction(1, 2)], n=4, runs=100, seed=SEED) for r in critical.work(task)]
    (curve,) = index_curves(records)
    fit = curve.fit
    said = (
        f"eps_c = {fit.eps_c:.3f} +- {fit.eps_c_error:.3f} with the exponent 3/2, from the {fit.runs} runs with alpha "
        f"<= {fit.up_to}, where exponents {fit.exponents[0]:.2f} to {fit.exponents[1]:.2f} fit within a standard error"
        if fit
        else "too few of small index for a fit"
    )
    ours = f"tanh, n = 4, phi = 1/2, {curve.runs} runs, {curve.left_out} left out as J_g > 1e-6: {said}"
    ours += "; so few runs determine no exponent: more of them by symrelu figure freeprob-6"
    return _measured(claim, ours)


def _minimizers(claim: Claim, context: Context) -> Outcome:
    from symrelu.experiments.minima import linear_minima, minima

    said = []
    for phi in (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)):
        tanh = minima(phi, n=9, runs=6, seed=SEED, steps=150)
        linear = linear_minima(phi, n=9, seed=SEED)
        curve = (1 - float(phi)) ** 2 / 2
        said.append(
            f"phi = {phi}: {tanh.energy:.3f} +- {tanh.error:.3f} against {curve:.3f}; linear "
            f"{linear.energy:.3f} against "
            f"{(1 - float(phi)) / 2:.3f}, and (1 - phi/2)/2 = {(1 - float(phi) / 2) / 2:.3f}"
        )
    return _measured(claim, f"energies at the end of descent, n = 9: {'; '.join(said)}")


def _natural_sigma(claim: Claim, context: Context) -> Outcome:
    from symrelu.experiments.minima import natural_sigma

    found = natural_sigma(runs=20, seed=SEED)
    ours = f"tr H0/N = {found.sigma:.3f} +- {found.error:.3f} at initialisation (weights of variance 1/n, white data)"
    return _measured(claim, f"{ours}: sigma = 1/2 is the value of the network itself")


_SUBJECTS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "freeness": _freeness,
    "residuals": _residuals,
    "weights": _weights,
    "h1": _h1,
    "h0": _h0,
    "gap": _gap,
    "universal": _universal,
    "finite size": _finite_size,
    "index curve": _index_curve,
    "minimizers": _minimizers,
    "natural sigma": _natural_sigma,
}


def _measure(claim: Claim, context: Context) -> Outcome:
    return _SUBJECTS[claim.subject](claim, context)


def _open(claim: Claim, context: Context) -> Outcome:
    """Not decided here, with the reason in ``printed``."""
    return "open", claim.printed, "exact", "nothing: not decided here"


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {"free_measured": _measure, "free_open": _open}

__all__ = ["DECIDERS"]
