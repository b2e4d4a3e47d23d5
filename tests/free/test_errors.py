"""What is refused, by name and in one line."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from symrelu.errors import BadInput, SymreluError, Undecided
from symrelu.free import (
    DegreeTooLarge,
    Discrete,
    MarchenkoPastur,
    NoSTransform,
    PointMass,
    ProductWishart,
    Semicircle,
    inverse,
    symmetric_root,
    transposed,
)
from symrelu.free.models import model, refined, wishart_wigner
from symrelu.free.spectrum import OnAtom

phi = sp.Symbol("phi", positive=True)
BAD_NUMBERS = [
    0,
    -1,
    "0",
    "-1/4",
    "nan",
    float("nan"),
    float("inf"),
    True,
    None,
    "phi",
    sp.sqrt(2),
    sp.pi,
    sp.I,
    sp.nan,
]


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=str)
@pytest.mark.parametrize(
    "build",
    [
        MarchenkoPastur,
        Semicircle,
        lambda x: MarchenkoPastur("1/2", x),
        lambda x: ProductWishart(x, 1),
        lambda x: ProductWishart(1, x),
        lambda x: wishart_wigner("1/2", x),
        lambda x: refined("1/2", "1/2", x),
        lambda x: MarchenkoPastur("1/2").free_power(x),
        lambda x: transposed(MarchenkoPastur("1/2"), x),
    ],
)
def test_parameters_that_are_not_positive_numbers(build: Callable[[Any], object], bad: object) -> None:
    with pytest.raises(BadInput) as error:
        build(bad)
    assert "\n" not in str(error.value) and "give " in str(error.value)


@pytest.mark.parametrize("size", ["1e101", "1e-101", "1e400", Fraction(1, 10**400), 10**400], ids=lambda x: str(x)[:9])
def test_parameters_of_no_sensible_size(size: object) -> None:
    for build in (MarchenkoPastur, lambda x: refined("1/2", x), lambda x: wishart_wigner("1/2", 1, x), Semicircle):
        with pytest.raises(BadInput, match="from 1e-100 to 1e100") as error:
            build(size)
        assert len(str(error.value)) < 250
    with pytest.raises(BadInput, match="from 1e-100 to 1e100"):
        MarchenkoPastur(phi).subs({phi: size})
    assert MarchenkoPastur("1e100", "1e-100").mean == sp.Rational(1, 10**100)


@pytest.mark.parametrize("value", ["-1/2", 0, float("nan")])
def test_numbers_put_in_later_are_checked_too(value: object) -> None:
    for law in (MarchenkoPastur(phi), MarchenkoPastur(phi) @ MarchenkoPastur("1/2")):
        with pytest.raises(BadInput):
            law.subs({phi: value})


def test_factors_of_0_put_in_later() -> None:
    c = sp.Symbol("c", real=True)
    for law in (c * MarchenkoPastur("1/2"), c * (MarchenkoPastur("1/2") @ MarchenkoPastur("1/3"))):
        with pytest.raises(BadInput, match=r"PointMass\(0\)"):
            law.subs({c: 0})
    with pytest.raises(BadInput, match=r"PointMass\(0\)"):
        0 * MarchenkoPastur("1/2")


@pytest.mark.parametrize("name", ["G", "S", "g", "u", "z", "r_", "s_", "a_", "w_"])
@pytest.mark.parametrize("assumptions", [{}, {"positive": True}], ids=["plain", "positive"])
def test_symbols_with_the_names_of_our_variables(name: str, assumptions: dict[str, bool]) -> None:
    with pytest.raises(BadInput, match="take another name"):
        MarchenkoPastur(sp.Symbol(name, **assumptions))


def test_two_symbols_of_one_name() -> None:
    with pytest.raises(BadInput, match="two symbols are called phi"):
        _ = (MarchenkoPastur(phi) + Semicircle(sp.Symbol("phi"))).polynomial


def test_open_parameters_have_no_spectrum() -> None:
    with pytest.raises(BadInput, match="phi is left open"):
        _ = MarchenkoPastur(phi).spectrum
    with pytest.raises(BadInput, match="phi is left open"):
        inverse(MarchenkoPastur(phi))


def test_the_density_at_an_atom() -> None:
    with pytest.raises(OnAtom, match="x = 0 is an atom of MarchenkoPastur"):
        MarchenkoPastur(2).spectrum.density(0)
    with pytest.raises(OnAtom, match="x = 3 is an atom"):
        PointMass(3).spectrum.density(3)
    with pytest.raises(OnAtom):
        refined(3, 1).spectrum.density(0)


@pytest.mark.parametrize("x", ["one", float("nan"), True, phi, sp.sqrt(2)])
def test_points_that_are_no_numbers(x: object) -> None:
    with pytest.raises(BadInput):
        MarchenkoPastur("1/2").spectrum.density(x)


@pytest.mark.parametrize("digits", [0, -3, 10**6])
def test_digits_out_of_range(digits: int) -> None:
    with pytest.raises(BadInput, match=f"{digits} digits were asked for"):
        MarchenkoPastur("1/2").spectrum.density(1, digits)


def test_laws_of_mean_0_have_no_s_transform() -> None:
    with pytest.raises(NoSTransform, match="mean 0"):
        Semicircle(1) @ MarchenkoPastur(1)
    with pytest.raises(NoSTransform):
        _ = ProductWishart(1, 1).S_transform
    with pytest.raises(NoSTransform):
        _ = (MarchenkoPastur(phi) - 1).S_transform


def test_products_of_two_laws_with_negative_values() -> None:
    with pytest.raises(BadInput, match="both have negative values"):
        (MarchenkoPastur("1/2") - "1/2") @ (MarchenkoPastur("1/2") - "1/3")
    c = sp.Symbol("c", real=True)
    open_ = (MarchenkoPastur("1/2") + c) @ (MarchenkoPastur("1/2") - "1/3")  # not known yet
    with pytest.raises(BadInput, match="both have negative values"):
        open_.subs({c: "-1/2"})


def test_products_with_what_is_no_law() -> None:
    with pytest.raises(BadInput, match="c \\* A is the law of c X"):
        MarchenkoPastur("1/2") @ 2  # type: ignore[operator]
    with pytest.raises(BadInput, match="A @ B"):
        MarchenkoPastur("1/2") * MarchenkoPastur("1/2")


def test_inverses_with_0_in_the_support() -> None:
    for law in (MarchenkoPastur(1), MarchenkoPastur(2), Semicircle(1), PointMass(0), Discrete({0: "1/2", 1: "1/2"})):
        with pytest.raises(BadInput, match="0 lies in its support"):
            inverse(law)


def test_square_roots_of_negative_values() -> None:
    with pytest.raises(BadInput, match="negative values"):
        symmetric_root(Semicircle(1))


def test_zeros_that_are_not_there_cannot_be_removed() -> None:
    with pytest.raises(BadInput, match="give phi >= 1"):
        transposed(MarchenkoPastur("1/2"), "1/2")


@pytest.mark.parametrize(
    "masses",
    [{}, {0: 1}, {0: "1/2", 1: "1/3"}, {0: "3/2", 1: "-1/2"}, {0: "1/2", "0": "1/2"}, {phi: "1/2", 1: "1/2"}],
    ids=str,
)
def test_masses_that_are_none(masses: dict[Any, Any]) -> None:
    with pytest.raises(BadInput):
        Discrete(masses)


def test_free_powers_below_1() -> None:
    with pytest.raises(BadInput, match="from 1 on"):
        Discrete({0: "1/2", 1: "1/2"}).free_power("1/2")
    assert MarchenkoPastur("1/2").free_power("1/2").mean == sp.Rational(1, 2)  # infinitely divisible


def test_degrees_past_the_bound_are_refused_with_their_size() -> None:
    many = dict.fromkeys(range(9), "1/9")
    with pytest.raises(DegreeTooLarge, match=r"degree up to 90 in G, and at most 64"):
        Discrete(many) + (Discrete(many) + 1)


def test_unknown_models() -> None:
    with pytest.raises(BadInput, match="wishart-wigner, refined, product-wishart"):
        model("wigner", 1, 1)
    with pytest.raises(BadInput, match="has no sigma"):
        model("product-wishart", 1, 1, 2)


def test_every_error_is_a_symrelu_error() -> None:
    for error in (DegreeTooLarge, NoSTransform, OnAtom, Undecided):
        assert issubclass(error, SymreluError)
