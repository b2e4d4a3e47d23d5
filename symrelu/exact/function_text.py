"""Functions of unknown numbers as text and as SymPy expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import fmpq_mpoly

from symrelu.exact.field import is_sum
from symrelu.exact.function_element import Function

if TYPE_CHECKING:
    from symrelu.exact.functions import FunctionField


def text(field: FunctionField, x: Function) -> str:
    """x as text in pi, the names of the unknowns, g_i and psi_k."""
    above = str(x.num).replace("^", "**")
    below = [
        f"({str(field.factors[i]).replace('^', '**')})" + (f"**{e}" if e > 1 else "") for i, e in enumerate(x.den) if e
    ]
    if not below:
        return above
    above = f"({above})" if is_sum(above) else above
    return f"{above}/({'*'.join(below)})" if len(below) > 1 else f"{above}/{below[0]}"


def definitions(field: FunctionField) -> dict[str, str]:
    """What the roots g_i and the angles psi_k stand for, as text."""
    found = {f"g_{i + 1}": f"sqrt({text(field, Function(field, r, ()))})" for i, r in enumerate(field.radicands)}
    for k, (s, g) in enumerate(field.angles):
        found[f"psi_{k + 1}"] = f"atan2({g}, {-s})"
    return found


def expression(field: FunctionField, x: Function, explicit: bool = False) -> Any:
    """x as a SymPy expression in symbols of the unknowns' names, roots written out; angles are symbols psi_k, or
    written out as atan2 if ``explicit``.
    """
    import sympy

    def polynomial(poly: fmpq_mpoly) -> Any:
        return sympy.Add(
            *(
                sympy.Rational(int(c.p), int(c.q)) * sympy.Mul(*(variable(v) ** e for v, e in enumerate(m) if e))
                for m, c in poly.to_dict().items()
            )
        )

    def variable(v: int) -> Any:
        if v < field.spare:
            return sympy.sqrt(polynomial(field.radicands[v]))
        if v < field.first and explicit:
            s, g = field.angles[v - field.spare]
            return sympy.atan2(field.sympy(g), field.sympy(-s))
        if v == len(field.gens) - 1:
            return sympy.pi
        return sympy.Symbol(field.ctx.names()[v], real=True)

    below = sympy.Mul(*(polynomial(field.factors[i]) ** e for i, e in enumerate(x.den) if e))
    return polynomial(x.num) / below
