"""k > d: fixed rows and several row orbits on one block."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import symrelu
from symrelu.catalogue import choose
from symrelu.exact.polynomials import PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.triangular import solve_triangular
from symrelu.families import Family
from symrelu.finding.guide import Guide
from symrelu.finding.guided import _vanishing_part, guided_start
from symrelu.reference import activations
from symrelu.reference.hessian import hessian

GUIDES = Path(__file__).parent.parent / "finding" / "guides.json"


@pytest.fixture(scope="module")
def one_more() -> Family:
    """k = d + 1 with m = 0: 1b and one more row u = 2 t**2 (1, ..., 1)."""
    return symrelu.family(blocks="d", rows="1,*", cols="1", limit="-")


@pytest.mark.slow
def test_one_more_row(one_more: Family) -> None:
    result = one_more.series(4)
    assert [str(result.entries[name][2]) for name in ("a_1", "a_2", "a_3")] == ["2", "2", "2"]
    assert [result.entries[name][3] for name in ("a_1", "a_2")] == [2, 0]
    assert str(result.multiplicity) == "factorial(d + 1)"


def test_its_spectrum_is_the_dense_one(one_more: Family) -> None:
    d = 12
    here = one_more.at(d, digits=14)
    W = one_more.space.matrix([float(x.value) for x in here.entries.values()], d)
    dense = np.linalg.eigvalsh(hessian(W, np.ones(d + 1), np.eye(d), np.ones(d), activations.RELU))
    found = sorted(float(e.value) for e in here.eigenvalues for _ in range(int(e.multiplicity)))
    assert found == pytest.approx(list(dense), abs=1e-10)
    assert (here.negative, here.zero) == (d - 1, d + 1)  # one negative direction, in s1


# -- two row orbits on one block (k = 2d) ------------------------------------------------------------------------------


def test_linear_relations_are_put_into_products() -> None:
    """x + y = 2, x (x + y) = 3 x - y: neither equation gives x alone, together they do."""
    ring = PolynomialRing(QPI, ["x", "y"])
    x, y = ring.unknown(0), ring.unknown(1)
    equations = [x + y - 2, x * (x + y) - 3 * x + y]
    assert solve_triangular(equations) == {0: 1, 1: 1}
    assert solve_triangular([*equations, x * y - 2]) is None


def test_factors_that_do_not_vanish_at_the_solution_are_left_out() -> None:
    """At x = 3/2, y = -3 - sqrt(6), where 2 x + y is not 0 and (2 x + y)**2 = 4 x is true."""
    import sympy
    from flint import arb

    ring = PolynomialRing(QPI, ["x", "y"])
    x, y = sympy.symbols("x y")
    product = sympy.expand((2 * x + y) * ((2 * x + y) ** 2 - 4 * x))
    part = _vanishing_part(ring, product, [arb("1.5"), -3 - arb(6).sqrt()])
    u, v = ring.unknown(0), ring.unknown(1)
    assert part == (2 * u + v) ** 2 - 4 * u


@pytest.mark.slow
def test_two_row_orbits() -> None:
    """The family found for k = 2d, from the guide that a search left: exact over Q(pi, sqrt 6); the leading terms of
    finding_families.md, section 6, and the t**3 coefficient of a_2 that was not derived there, 3 + sqrt(6).
    """
    key = choose(None, "d", "1,1", "1", None, 1)
    guide = Guide.from_json(json.loads(GUIDES.read_text())["d rows 1,1"])
    one = Family(key, guided_start(Family(key).problem, guide))
    assert one.start.field.name == "QQ(pi)(sqrt(6))"
    entries = one.start.entries
    assert entries[0][1] == Fraction(-3, 2) and entries[2][1] == Fraction(3, 2)
    assert [str(x) for x in (entries[1][3], entries[0][2], entries[2][2])] == [
        "3 + sqrt(6)",
        "2 + 2*sqrt(6)/3",
        "-2*sqrt(6)/3",
    ]
    assert str(one.multiplicity()) == "factorial(2*d)"
