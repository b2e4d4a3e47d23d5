"""The energy at which the paper's models of the Hessian get negative eigenvalues, and the 3/2 law beyond it (eqs. 20-22
and 31-33), in closed form for every phi.

eps_c, G_c, alpha_0, a_1 (and the saturation's) and the cube-root law at phi = 1 are derived from R by
:mod:`symrelu.free.onset`; typed in are only the names that shorten them (checked where they are used) and a curve that
makes phi rational. The limits of the index as eps -> 0 and eps -> infinity are written down with their reasons
(``_limits``), and tested against the certified index.

For 0 < phi < 1 all eigenvalues are positive up to eps_c, and beyond the index is
alpha_0 x**(3/2) (1 + a_1 x + O(x**2)), x = (eps - eps_c)/eps_c. For phi >= 1 there is no threshold (the paper says
nothing of that): H0 has a null space, which H1 splits at once. In the refined model with 1 < phi < 2 the index stops
growing at eps_sat, where it is the inertia 1/(2 phi) of H1; for phi >= 2 it has that value at every eps > 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from symrelu.errors import BadInput
from symrelu.free.models import refined, wishart_wigner
from symrelu.free.onset import Interval, as_polynomial, as_product, cube_root_scale, onset, p, sign_on
from symrelu.free.parameters import Parameter, parameter
from symrelu.free.radicals import ball_of, exact_text, reduced
from symrelu.free.rational import RationalLaw
from symrelu.free.spectrum import to_digits

PHI, EPS = sp.Symbol("phi", positive=True), sp.Symbol("eps", positive=True)
s, t, d, e = sp.symbols("s t d e", positive=True)
MODELS = ("wishart-wigner", "refined")
EXPONENT = Fraction(3, 2)
SATURATION = {"eps_sat": "eps_c", "coefficient": "alpha_0", "next": "a_1"}  # their names in a regime's formulas


@dataclass(frozen=True)
class _Regime:
    """A range of phi, the parameter p that makes it rational, and the names in which its formulas are short.

    ``of_p``, ``of_phi``: what the names are; ``units``: positive functions of phi that products are written in;
    ``main``: the square root among the names; ``side``: another name that polynomials need, or None.
    """

    law: Callable[[sp.Symbol, sp.Symbol], RationalLaw]
    domain: str
    curve: sp.Expr
    interval: Interval
    of_p: dict[sp.Symbol, sp.Expr]
    of_phi: dict[sp.Symbol, sp.Expr]
    units: tuple[sp.Expr, ...]
    main: sp.Symbol
    side: sp.Symbol | None = None


_CONIC = 1 + 8 * p**2
_CURVE = (4 * p - 1) * (2 * p - 1) / _CONIC
_ROOT, _SIDE = 3 * (8 * p**2 - 1) / _CONIC, 6 * p / _CONIC
_CHI = sp.sqrt(1 + 16 * PHI - 8 * PHI**2)
_REGIMES = {
    "wishart-wigner": _Regime(
        wishart_wigner,
        "0 < phi < 1",
        (p**2 - 1) / 8,
        (sp.Integer(1), sp.Integer(3)),
        {s: p, d: (9 - p**2) / 8},
        {s: sp.sqrt(1 + 8 * PHI), d: 1 - PHI},
        (d, s, 1 + s, 3 + s),
        s,
    ),
    "refined": _Regime(
        refined,
        "0 < phi < 1",
        _CURVE,
        (sp.Rational(1, 2), sp.oo),
        {PHI: _CURVE, t: _ROOT, d: _SIDE},
        {t: _CHI, d: 1 - PHI},
        (PHI, d, t, 1 + t, 3 + t, 9 + t + 8 * d),
        t,
        d,
    ),
    "saturation": _Regime(
        refined,
        "1 < phi < 2",
        _CURVE,
        (sp.Rational(-1, 4), sp.Integer(0)),
        {PHI: _CURVE, t: -_ROOT, e: -_SIDE},
        {t: _CHI, e: PHI - 1},
        (PHI, e, 1 - e, t, 1 + t, 3 + t, 9 - t + 8 * e),
        t,
        e,
    ),
}


@dataclass(frozen=True)
class Formulas:
    """eps_c (at sigma = 1), G_c, alpha_0 and a_1 of a regime in its names, whose meanings are ``names``.

    ``domain``: of phi, as text; ``main``: the square root among the names.
    """

    domain: str
    eps_c: sp.Expr
    G_c: sp.Expr
    alpha_0: sp.Expr
    a_1: sp.Expr
    names: dict[sp.Symbol, sp.Expr]
    main: sp.Symbol

    def at(self, phi: sp.Expr) -> dict[str, sp.Expr]:
        """The four at a value of phi, in the form that loses no digits anywhere in the domain."""
        values = {PHI: phi} | {name: meaning.subs(PHI, phi) for name, meaning in self.names.items()}
        return {key: getattr(self, key).subs(values, simultaneous=True) for key in ("eps_c", "G_c", "alpha_0", "a_1")}

    def exact(self, phi: sp.Expr) -> dict[str, sp.Expr]:
        """The four at a rational phi, simplified for print: numbers a + b sqrt(m); alpha_0 such a number over
        pi sqrt(main).
        """
        main = self.names[self.main].subs(PHI, phi)
        root = sp.sqrt(main) if main.is_Rational else sp.Symbol(f"sqrt({exact_text(main)})", positive=True)
        values = self.at(phi)
        found = {key: reduced(values[key]) for key in ("eps_c", "G_c", "a_1")}
        return found | {"alpha_0": reduced(values["alpha_0"] * sp.pi * sp.sqrt(main)) / (sp.pi * root)}


@lru_cache
def formulas(regime: str) -> Formulas:
    """The closed forms of "wishart-wigner" and "refined" (0 < phi < 1), and of "saturation" (refined, 1 < phi < 2),
    where eps_c stands for eps_sat, and alpha_0, a_1 are those of 1/(2 phi) - alpha in y = (eps_sat - eps)/eps_sat.

    Derived once in a process, over Q(p). That of all double roots of L(G, 0) one alone has eps_c > 0 is proved on the
    domain (:func:`symrelu.free.onset.onset`); that each form is the derived function of p, by the exact solution of a
    linear system. ArithmeticError otherwise. ``regime``: one of these three.
    """
    here = _REGIMES[regime]
    found = onset(here.law(PHI, EPS), EPS, PHI, here.curve, here.interval)
    units = {sp.Dummy(f"u{i}", positive=True): unit for i, unit in enumerate(here.units)}
    of_p = {u: sp.cancel(unit.subs(here.of_p)) for u, unit in units.items()}
    if any(sign_on(unit, here.interval) != 1 for unit in of_p.values()):
        raise ArithmeticError(f"not all of {here.units} are positive where {here.domain}")
    eps_c, G_c, square = (as_product(x, of_p) for x in (found.eps_c, found.G_c, found.square))
    side = -1 if regime == "saturation" else 1  # below eps_sat x is negative: x = -y
    alpha_0 = sp.sqrt(side * square[0]) * sp.sqrt(square[1]) / sp.pi
    main, sides = here.main, [sp.S.One] if here.side is None else [sp.S.One, here.side]
    monomials = [main**i * x for i in range(5) for x in sides if not (i == 4 and x == here.side)]
    a_1 = as_polynomial(sp.cancel(side * found.a_1 * here.of_p[main] ** 3), here.of_p, monomials) / main**3
    first, second, third = (x.subs(units) for x in (sp.Mul(*eps_c), sp.Mul(*G_c), alpha_0))
    return Formulas(here.domain, first, second, third, sp.factor(a_1), here.of_phi, main)


@dataclass(frozen=True)
class Saturation:
    """Where the index of the refined model stops growing (1 < phi < 2): index = 1/(2 phi) for eps >= ``eps_sat``.

    Below, 1/(2 phi) - index = ``coefficient`` y**(3/2) (1 + ``next`` y + O(y**2)), y = (eps_sat - eps)/eps_sat.
    """

    eps_sat: sp.Expr
    coefficient: sp.Expr
    next: sp.Expr


@dataclass(frozen=True)
class Threshold:
    """Where negative eigenvalues appear in a model at one phi (a number, or left open), and how many.

    ``eps_c`` is None, with the ``reason``, where there is no threshold. ``floor``, ``ceiling``: the limits of the index
    as eps -> 0 and eps -> infinity. ``G_c``: the Stieltjes transform at 0 for eps = eps_c. ``alpha_0``, ``a_1``: of
    the law with ``exponent``; ``domain``: of phi, as text; ``saturation``: where the index stops growing, or None.
    """

    model: str
    phi: sp.Expr
    sigma: sp.Expr
    domain: str
    eps_c: sp.Expr | None
    reason: str | None
    G_c: sp.Expr | None
    alpha_0: sp.Expr | None
    a_1: sp.Expr | None
    floor: sp.Expr
    ceiling: sp.Expr
    saturation: Saturation | None = None
    exponent: Fraction = EXPONENT

    @property
    def numbers(self) -> dict[str, sp.Expr]:
        """Everything that is a number or formula here, by its name."""
        found: dict[str, Any] = {key: getattr(self, key) for key in ("eps_c", "G_c", "alpha_0", "a_1")}
        if self.saturation is not None:
            found |= {key: getattr(self.saturation, key) for key in ("eps_sat", "coefficient", "next")}
        return {key: value for key, value in found.items() if value is not None}

    def exact(self, what: str = "eps_c") -> sp.Expr:
        """A number of :attr:`numbers`, simplified: a + b sqrt(m), for alpha_0 over pi and a root; :func:`exact_text` of
        :mod:`symrelu.free.radicals` prints it.
        """
        number = self._number(what)
        if not self.phi.is_number:
            return number
        regime, key = ("saturation", SATURATION[what]) if what in SATURATION else (self.model, what)
        return _scaled(formulas(regime).exact(self.phi), self.sigma)[key]

    def decimal(self, what: str = "eps_c", digits: int = 20) -> str:
        """The same to ``digits`` significant digits, by balls. BadInput if phi or sigma is left open."""
        number = self._number(what)
        if number.free_symbols:
            names = ", ".join(sorted(map(str, number.free_symbols)))
            raise BadInput(f"{what} as a decimal needs a number for {names}; give one, such as phi = 1/4")
        return to_digits(lambda bits: ball_of(number, bits), digits)

    def near(self, eps: float) -> float:
        """The two-term law at an energy: 0 up to eps_c, alpha_0 x**(3/2) (1 + a_1 x) beyond (floats, for plots)."""
        eps_c, alpha_0, a_1 = (float(self.decimal(what, 17)) for what in ("eps_c", "alpha_0", "a_1"))
        x = max(0.0, (eps - eps_c) / eps_c)
        return alpha_0 * x**1.5 * (1 + a_1 * x)

    def _number(self, what: str) -> sp.Expr:
        if what not in self.numbers:
            there = ", ".join(self.numbers) or f"none: {self.reason}"
            raise BadInput(f"{what!r} was asked for; here there are {there}")
        return self.numbers[what]


def threshold(model: str, phi: Parameter, sigma: Parameter = 1) -> Threshold:
    """The threshold of "wishart-wigner" or "refined" at phi (a rational number, or a SymPy symbol for 0 < phi < 1).

    Exact; sigma (the mean of H0) only scales: eps_c by sigma**2. Raises BadInput for phi or sigma <= 0, for what is no
    number, and for other models: the symmetric law of H1 (product-wishart) has the same index at every eps. ``model``:
    its name.
    """
    if model == "product-wishart":
        raise BadInput(
            "product-wishart has no threshold: H1 alone is symmetric, with index min(1, 1/phi)/2 at every eps;"
            " give wishart-wigner or refined"
        )
    if model not in MODELS:
        raise BadInput(f"the model {model!r} was asked for; thresholds are those of {', '.join(MODELS)}")
    ratio = parameter(phi, "phi", positive=True)
    scale = parameter(sigma, "sigma", positive=True)
    floor, ceiling = _limits(model, ratio)
    if ratio.is_number and ratio >= 1:
        saturation = _saturation(ratio, scale) if model == "refined" and 1 < ratio < 2 else None
        none = (None, _reason(model, ratio), None, None, None)
        return Threshold(model, ratio, scale, "0 < phi < 1", *none, floor, ceiling, saturation)
    here = formulas(model)
    at = _scaled(here.at(ratio), scale)
    found = (at["eps_c"], None, at["G_c"], at["alpha_0"], at["a_1"])
    return Threshold(model, ratio, scale, here.domain, *found, floor, ceiling)


def _scaled(values: dict[str, sp.Expr], sigma: sp.Expr) -> dict[str, sp.Expr]:
    """H/sigma has mean 1 in H0 and energy eps/sigma**2 (both models)."""
    return values | {"eps_c": sigma**2 * values["eps_c"], "G_c": values["G_c"] / sigma}


def _saturation(phi: sp.Expr, sigma: sp.Expr) -> Saturation:
    at = _scaled(formulas("saturation").at(phi), sigma)
    return Saturation(**{key: at[name] for key, name in SATURATION.items()})


def _limits(model: str, phi: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """The index as eps -> 0 and eps -> infinity.

    As eps -> 0 half of what H1 does not annihilate in the null space of H0 (of mass 1 - 1/phi) turns negative: of all
    of it under a semicircle, of min(1 - 1/phi, 1/phi) under the product-Wishart law, whose rank is 1/phi. As eps ->
    infinity the index is that of H1, which is symmetric with that rank.
    """
    null, rank = sp.Max(0, 1 - 1 / phi), sp.Min(1, 1 / phi)
    if model == "wishart-wigner":
        return null / 2, sp.Rational(1, 2)
    return sp.Min(null, rank) / 2, rank / 2


def _reason(model: str, phi: sp.Expr) -> str:
    if phi == 1:
        scale = cube_root_scale(_REGIMES[model].law(sp.S.One, EPS), EPS)
        law = f"3 sqrt(3)/(2 pi) (eps/({scale} sigma**2))**(1/3) as eps -> 0"
        return f"at phi = 1 the spectrum of H0 begins at 0, and the index is positive for every eps > 0: about {law}"
    start = f"for phi > 1 H0 has an atom of mass 1 - 1/phi = {1 - 1 / phi} at 0"
    if model == "refined" and phi >= 2:
        return f"{start}, and for phi >= 2 the index is 1/(2 phi) = {1 / (2 * phi)} for every eps > 0"
    return f"{start}, which H1 splits at once: the index is at least {_limits(model, phi)[0]} for every eps > 0"


__all__ = ["EXPONENT", "MODELS", "SATURATION", "Formulas", "Saturation", "Threshold", "formulas", "threshold"]
