"""What is measured again of the random-matrix paper: the numbers behind the words, in ranges that bear them out."""

import pytest

from symrelu.claims.claim import Context
from symrelu.claims.decide import claims_of, decide
from symrelu.claims.decide_freeprob_measured import MEASUREMENTS, _fitted, _windows, measured
from symrelu.experiments.curves import EXPONENTS, Fit

CLAIMS = {claim.id: claim for claim in claims_of("freeprob")}
# with their seeds; what the words of the verdict say holds within them
RANGES: dict[str, dict[str, tuple[float, float]]] = {
    "finite size": {"slope": (-1.1, -0.6), "distance 20": (0.05, 0.12), "distance 160": (0.008, 0.025)},
    "universal": {
        "normal": (0.005, 0.02),
        "rademacher": (0.005, 0.02),
        "uniform": (0.005, 0.02),
        "student-5": (0.005, 0.03),
        "student-3": (0.02, 0.07),
    },
    "data": {
        "distance by chance": (0.018, 0.02),
        "correlation raw": (0.7, 0.85),
        "correlation whitened": (0, 1e-10),
        "correlation gaussian": (0.01, 0.12),
        "kurtosis whitened": (3, 4.2),
        "kurtosis projected": (0.3, 1.2),
        "kurtosis gaussian": (0.03, 0.2),
        "distance raw": (0.15, 0.2),
        "distance whitened": (0.09, 0.13),
        "distance projected": (0.02, 0.05),
        "distance gaussian": (0.01, 0.02),
        "norms whitened": (2.4, 3),
        "norms gaussian": (0.8, 1.2),
    },
    "h1": {
        "distance 1/16": (0.005, 0.04),
        "second 1/16": (0.95, 1.05),
        "fourth 1/16": (0.95, 1.2),
        "distance 1/4": (0.005, 0.04),
        "second 1/4": (0.95, 1.05),
        "fourth 1/4": (0.95, 1.25),
    },
    "h0": {
        "null": (16, 16),
        "least": (0.005, 0.05),
        "largest": (2, 6),
        "mean": (0.45, 0.55),
        "lower edge": (0.18, 0.24),
        "upper edge": (0.8, 1.05),
    },
    "gap": {"sigma": (0.02, 0.06), "residual": (0.02, 0.25), "mean": (0.45, 0.55), "gap 1/4": (0.004, 0.015)},
    "freeness": {
        "energy": (0.01, 0.08),
        "distance": (0.02, 0.06),
        "distance by chance": (0.001, 0.01),
        "alternating": (-0.12, -0.02),
        "alternating by chance": (-0.02, 0.02),
    },
    "residuals": {"kurtosis": (0.2, 1), "distance": (0.01, 0.04), "distance by chance": (0.016, 0.017)},
    "weights": {"kurtosis 1": (1, 3), "distance 1": (0.03, 0.09), "kurtosis 2": (0.2, 1.5), "distance 2": (0.03, 0.08)},
    "index curve": {
        "runs": (100, 100),
        "left out": (8, 35),
        "eps_c": (0, 0.3),
        "high": (1.5, EXPONENTS[-1]),
        "low": (EXPONENTS[0], 1.5),
    },
    "minimizers": {
        "tanh 1/4": (0.24, 0.3),
        "tanh 1/2": (0.1, 0.16),
        "tanh 3/4": (0.03, 0.07),
        "linear 1/4": (0.42, 0.45),  # (1 - phi/2)/2 = 0.4375, not (1 - phi)/2 = 0.375
        "linear 1/2": (0.36, 0.39),
        "linear 3/4": (0.3, 0.325),
    },
}
LONG = ("freeness", "residuals", "weights", "index curve", "minimizers")  # seconds each
DIGITS = ("data", "h1", "h0", "gap", "freeness", "residuals", "weights")


def test_every_measurement_has_a_claim_and_ranges() -> None:
    assert {claim.subject for claim in CLAIMS.values() if claim.kind == "free_measured"} == set(MEASUREMENTS)
    assert set(MEASUREMENTS) == set(RANGES)


@pytest.mark.parametrize(
    "subject", [pytest.param(s, marks=pytest.mark.slow) if s in LONG else pytest.param(s) for s in RANGES]
)
def test_measured_figures_stand_beside_the_printed_ones(subject: str) -> None:
    if subject in DIGITS:
        pytest.importorskip("sklearn")
    numbers = measured(subject).numbers
    for name, (low, high) in RANGES[subject].items():
        assert low <= numbers[name] <= high, (name, numbers[name])
    (key,) = (key for key, claim in CLAIMS.items() if claim.subject == subject)
    found = decide(CLAIMS[key], Context())
    assert (found.answer, found.evidence) == ("empirical", "numerical")
    assert found.found == f"ours: {measured(subject).words}; printed: {CLAIMS[key].printed}"


@pytest.mark.parametrize(
    ("exponents", "said"),
    [
        ((1.2, 1.9), "exponents from 1.20 to 1.90 fit"),
        ((0.74, EXPONENTS[-1]), "exponents from 0.74 to at least 4.00 (the largest tried) fit"),
        ((EXPONENTS[0], 2.0), "exponents from 0.50 (the least tried) or less to 2.00 fit"),
    ],
)
def test_the_end_of_the_search_is_no_bound_on_the_exponent(exponents: tuple[float, float], said: str) -> None:
    fit = Fit(0.1, 0.01, 1.0, 20, 0.1, 1.5, exponents)
    assert said.replace("4.00", f"{EXPONENTS[-1]:.2f}").replace("0.50", f"{EXPONENTS[0]:.2f}") in _fitted(fit)


def test_the_window_of_energies_is_said() -> None:
    paper, other = {"between": ("0", "1")}, {"between": ("1/4", "1/2")}
    assert "in (0, 1) (that of the paper)" in _windows([paper, paper])
    assert "in (1/4, 1/2) or (0, 1) (the paper's is (0, 1))" in _windows([other, paper])
