"""H1 against its law, H0 and its gap."""

from fractions import Fraction

import numpy as np
import pytest

from symrelu.errors import BadInput
from symrelu.experiments.initial import (
    Gap,
    examples,
    fitted_gap,
    gap,
    gap_task,
    gauss_newton_spectrum,
    h0_task,
    h1_task,
    noise_spectrum,
)

GAUSSIAN = {"dataset": "gaussian"}


def test_phi_counts_parameters_per_target() -> None:
    assert examples(16, Fraction(1, 4)) == 128
    for phi in (Fraction(3, 5), Fraction(0), Fraction(-1, 4)):
        with pytest.raises(BadInput, match="whole number"):
            examples(16, phi)


def test_h1_with_noise_follows_the_law_of_equation_28() -> None:
    found = noise_spectrum(h1_task(Fraction(1, 4), **GAUSSIAN, runs=6))
    assert found.distance < 0.03 and found.null == 0
    assert found.second == pytest.approx(1, abs=0.05) and found.fourth == pytest.approx(1, abs=0.15)
    values = np.array(found.eigenvalues)
    assert np.allclose(values, -values[::-1], atol=1e-9)  # off-diagonal blocks: the spectrum is symmetric
    far = noise_spectrum(h1_task(Fraction(1, 4), eps=Fraction(1, 2), **GAUSSIAN, runs=6))
    assert np.allclose(np.array(far.eigenvalues) * 10, values, atol=1e-9), "eps only scales: the noise is the same"


def test_h0_has_a_null_direction_for_each_hidden_unit_and_mean_one_half() -> None:
    found = gauss_newton_spectrum(h0_task(256, **GAUSSIAN))
    assert found.null == 16 and len(found.eigenvalues) == 512 - 16 and found.phi == "1/8"
    assert found.trace == pytest.approx(0.5, abs=0.05)
    assert 1e-3 < found.eigenvalues[0] < 0.1


def test_gaps_shrink_with_phi_and_a_perfect_fit_is_found() -> None:
    gaps = [gap(gap_task(Fraction(1, k), n=8, runs=3, **GAUSSIAN)) for k in (2, 8)]
    assert 0 < gaps[0].mean < gaps[1].mean
    exact = [Gap(str(phi), 1, 0.3 * (1 - float(phi) ** 0.5) ** 2, 0.0, 0.5) for phi in (Fraction(1, 4), Fraction(1, 9))]
    fit = fitted_gap(exact)
    assert fit.sigma == pytest.approx(0.3) and fit.residual < 1e-12
    with pytest.raises(BadInput, match="at least 2"):
        fitted_gap(exact[:1])
