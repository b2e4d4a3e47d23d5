"""The rescaling orbit (lambda W, alpha/lambda): inertia is constant, eigenvalues are not, and the trace says how."""

from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from symrelu.reference.newton import critical_entries, critical_point
from symrelu.reference.oracle import NAMED, leading_entries, newton, pair_classes


def inertia(matrix: np.ndarray) -> tuple[int, int, int]:
    values = np.linalg.eigvalsh(matrix)
    small = 1e-10 * np.max(np.abs(values))
    return int(np.sum(values < -small)), int(np.sum(np.abs(values) <= small)), int(np.sum(values > small))


@pytest.mark.parametrize(("name", "d"), [("1b", 7), ("2a", 4), ("2a", 9), ("3b", 8), ("4", 7)])
@pytest.mark.parametrize("scale", [0.5, 3.0])
def test_dense_hessian_along_the_rescaling_orbit(name: str, d: int, scale: float, dense: Callable) -> None:
    W = critical_point(*NAMED[name], d)
    here, there = dense(W), dense(scale * W, 2, np.full(d, 1 / scale))
    assert inertia(there) == inertia(here)
    assert inertia(here)[1] == d
    on_w, on_alpha = np.trace(here[: d * d, : d * d]), np.trace(here[d * d :, d * d :])
    assert np.trace(there) == pytest.approx(on_w / scale**2 + on_alpha * scale**2, rel=1e-12)
    assert np.max(np.abs(np.linalg.eigvalsh(there) - np.linalg.eigvalsh(here))) > 0.1


def test_every_neuron_may_be_rescaled_by_itself(dense: Callable) -> None:
    d = 6
    W = critical_point(*NAMED["2b"], d)
    scales = np.random.default_rng(0).uniform(0.5, 2, d)
    assert inertia(dense(scales[:, None] * W, 2, 1 / scales)) == inertia(dense(W))


def definition_traces(m: int, limit: tuple[int, ...], d: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
    """tr H_WW and tr H_aa at the critical point from the definition.

    tr d^2 kappa(w, v)/dw^2 = d |v| sin(theta)/(2 pi |w|), since I - ww'/|w|^2 + nn' has trace d; a row with itself
    gives d/2; and kappa(w, w) = |w|^2/2. In a class of pairs of students both rows take their turn.
    """
    tolerance = mpmath.mpf(10) ** (-mpmath.mp.dps // 2 - 20)
    entries, _ = newton(d, m, leading_entries(m, limit, 1 / mpmath.sqrt(d)), tolerance)
    classes = pair_classes(d, m, entries)
    norms = [(d - m, classes[0][1])] + ([(mpmath.mpf(m), classes[1][2])] if m else [])
    on_w = d * d / 2
    for weight, p, q, s in classes:
        area = mpmath.sqrt(p * q - s * s)
        # weight 1/2 x ordered pairs for one block, so both turns make weight x (1/p + 1/q); a teacher does not move
        turns = 1 / p + 1 / q if weight > 0 else 1 / p
        on_w += weight * turns * area * d / (2 * mpmath.pi)
    return on_w, sum(n * p / 2 for n, p in norms)


@pytest.mark.parametrize("name", ["1b", *(pytest.param(n, marks=pytest.mark.slow) for n in ("2a", "3a"))])
def test_trace_series_against_the_definition_at_tiny_t(name: str, traces: Callable) -> None:
    m, limit = NAMED[name]
    signs = tuple(1 if c == "+" else -1 for c in limit)
    series = traces(name)
    assert sorted(series) == [-2, 2]
    with mpmath.workdps(200):
        for power, number in ((-2, 0), (2, 1)):
            x = series[power]
            assert x.precision in (2, 3)
            errors = []
            for digits in (9, 10):
                t = mpmath.mpf(10) ** -digits
                found = x.evaluate(t, lambda c, f=x.field: mpmath.mpf(f.ball(c, 700).mid().str(200, radius=False)))
                errors.append(abs(definition_traces(m, signs, 1 / t**2)[number] - found) / t**x.precision)
            # the error is of the order that the series says, with a constant that does not depend on t
            assert max(errors) < 100 and abs(errors[0] - errors[1]) < 1e-6


@pytest.mark.parametrize(("name", "d"), [("1b", 5), ("2b", 6), ("3a", 7)])
def test_the_definition_of_the_traces_at_integer_d(name: str, d: int, dense: Callable) -> None:
    """The oracle of the test above is itself right: against the dense Hessian."""
    m, limit = NAMED[name]
    on_w = mpmath.mpf(d * d) / 2
    with mpmath.workdps(30):
        for weight, p, q, s in pair_classes(mpmath.mpf(d), m, [mpmath.mpf(x) for x in critical_entries(m, limit, d)]):
            turns = 1 / p + 1 / q if weight > 0 else 1 / p
            on_w += weight * turns * mpmath.sqrt(p * q - s * s) * d / (2 * mpmath.pi)
    H = dense(critical_point(m, limit, d))
    assert float(on_w) == pytest.approx(np.trace(H[: d * d, : d * d]), rel=1e-12)
