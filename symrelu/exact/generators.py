"""Generators theta_1, theta_2, ... in results: numbered once over all series of a result, and declared in text, LaTeX
and JSON, each by its minimal polynomial and a ball that holds it and no other root.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flint import arb

from symrelu.exact.algebraic import AlgebraicField, generators
from symrelu.exact.balls import decimal, working_bits
from symrelu.exact.constants import BallField
from symrelu.exact.extension import ExtensionField
from symrelu.exact.field import Field
from symrelu.exact.parameters import ParameterField
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series
from symrelu.exact.square_roots import smallest_field

DIGITS = 30  # of the midpoints in JSON, unless roots lie closer together


def numbered(series: Sequence[Series]) -> list[Series]:
    """The series with their generators numbered in the order in which they occur; equal fields share one generator."""
    renamed: dict[Field, Field] = {}
    names: list[str] = []

    def rename(field: Field) -> Field:
        if not isinstance(field, ExtensionField) or not generators(field):
            return field
        if field not in renamed:
            base = rename(field.base)
            if isinstance(field, AlgebraicField):
                names.append(f"theta_{len(names) + 1}")
            renamed[field] = field.over(base, names[-1])
        return renamed[field]

    found = []
    for x in series:
        if generators(x.field):
            x = x.over(rename(smallest_field(x.field, x.coefficients)))
        found.append(x)
    return found


def declared(fields: Iterable[Field]) -> list[AlgebraicField]:
    """The fields whose generators are to be declared, each once, in the order in which they occur."""
    found: dict[str, AlgebraicField] = {}
    for field in fields:
        for f in generators(field):
            found.setdefault(f.generator, f)
    return list(found.values())


def field_json(fields: Iterable[Field] = ()) -> dict[str, Any]:
    """The field that results over these fields lie in: Q(pi), its parameters and the generators, square roots being
    written out; or balls.
    """
    fields = list(fields)
    if any(isinstance(f, BallField) for f in fields):
        return {"base": "balls", "generators": []}
    above = {f.name: list(f.parameters) for f in fields if isinstance(f, ParameterField)}
    name, parameters = next(iter(above.items()), (QPI.name, []))
    return {
        "base": name,
        **({"parameters": parameters} if parameters else {}),
        "generators": [
            {"name": f.generator, "minimal_polynomial": f.polynomial_text(), **ball_json(f)} for f in declared(fields)
        ],
    }


def ball_json(field: AlgebraicField) -> dict[str, str]:
    """A ball with decimal midpoint and radius that holds the generator and no other root of its polynomial."""
    digits = DIGITS
    while True:
        bits = 8 * digits
        with working_bits(bits):
            near = field.root_ball(bits)
            mid = near.mid().str(digits, radius=False)
            size = near.abs_upper().log_base(10).ceil().unique_fmpz()  # None where that is not known yet
            rad = f"1e{int(size or 0) + 1 - digits}"
            ball = enclosed(mid, rad)
            others = [x for i, x in enumerate(field.roots_near(bits)) if i != field.number]
            if ball.contains(near) and not any(ball.overlaps(x) for x in others):
                return {"mid": mid, "rad": rad}
        digits *= 2


def enclosed(mid: str, rad: str) -> arb:
    """The ball with this midpoint and radius in decimals, at the working precision."""
    return arb(mid) + arb(0, 1) * arb(rad)


def lines(fields: Iterable[Field]) -> list[str]:
    """What each generator is, in a line of text."""
    return [f"{f.generator} is the root near {_near(f)} of {f.polynomial_text()}" for f in declared(fields)]


def latex_lines(fields: Iterable[Field]) -> list[str]:
    """What each generator is, in LaTeX."""
    import sympy

    return [
        rf"{sympy.latex(f.symbol)} \approx {_near(f)}, \quad {sympy.latex(f.polynomial_sympy())} = 0"
        for f in declared(fields)
    ]


def _near(field: AlgebraicField) -> str:
    """The generator in ten digits."""
    bits = 64
    while (text := decimal(field.root_ball(bits), 10)) is None:
        bits *= 2
    return text
