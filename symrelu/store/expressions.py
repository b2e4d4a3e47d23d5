"""Exact expressions, kept on disk as trees of plain data: nothing is evaluated when they are read.

A tree is an integer as text, ["symbol", name, positive, real], or [head, tree, ...] with one of the heads below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy

from symrelu.errors import BadInput
from symrelu.model.expression import Expression, NamedComponent
from symrelu.model.setting import Setting
from symrelu.store.kept import kept
from symrelu.store.series import asked_of_type
from symrelu.symmetry.isotropy import Isotropy

_HEADS: dict[str, Any] = {
    "+": sympy.Add, "*": sympy.Mul, "**": sympy.Pow,
    "cos": sympy.cos, "sin": sympy.sin, "acos": sympy.acos, "asin": sympy.asin, "atan2": sympy.atan2,
}  # fmt: skip
_NAMES = {head: name for name, head in _HEADS.items()}
_LONGEST = 4000  # digits of an integer: below Python's own limit


def kept_expression(kind: str, isotropy: Isotropy, setting: Setting, make: Callable[[], Expression]) -> Expression:
    """The expression of that kind for an isotropy type in a setting: from memory, from disk, or by ``make()``.

    Parameters: ``kind``, such as "loss" or "hessian 2", which with the other two says all that the expression depends
    on.

    One that has no tree (an unknown function in it) or whose tree does not read back as the very same expression is
    kept in memory only.
    """
    return kept(f"expression {kind}", asked_of_type(isotropy, setting), make, _write, _read)


def tree_of(value: sympy.Expr) -> Any:
    """The expression as plain data; BadInput for one with anything but + * **, integers, fractions, pi, symbols, cos,
    sin and their inverses.
    """
    if value.is_Integer:
        return str(value)
    if value.is_Rational:
        return ["/", str(value.p), str(value.q)]
    if value is sympy.pi:
        return "pi"
    if value.is_Symbol:
        return ["symbol", value.name, bool(value.is_positive), bool(value.is_real)]
    if type(value) in _NAMES:
        return [_NAMES[type(value)], *map(tree_of, value.args)]
    raise BadInput(f"an expression with {type(value).__name__} has no tree")


def expression_of(tree: Any) -> sympy.Expr:
    """The expression that :func:`tree_of` wrote, with its parts in the same order; BadInput for any other data."""
    match tree:
        case "pi":
            return sympy.pi
        case str():
            return _integer(tree)
        case ["/", str(top), str(bottom)] if _integer(bottom) > 1:
            return sympy.Rational(_integer(top), _integer(bottom))
        case ["symbol", str(name), bool(positive), bool(real)]:
            assumed = {"positive": True} if positive else {"real": True} if real else {}
            return sympy.Symbol(name, **assumed)
        case [str(head), *parts] if head in _HEADS and parts:
            return _HEADS[head](*map(expression_of, parts), evaluate=False)
    raise BadInput("the data are no tree of an expression")


def _integer(text: str) -> sympy.Integer:
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit() or len(text) > _LONGEST:
        raise BadInput("the data are no tree of an expression")
    return sympy.Integer(int(text))


def _write(expression: Expression) -> Any:
    data = {
        "what": expression.what,
        "values": [[name, tree_of(value)] for name, value in expression.values.items()],
        "definitions": [[tree_of(symbol), tree_of(value)] for symbol, value in expression.definitions.items()],
        "components": [[c.name, c.multiplicity, list(c.representatives)] for c in expression.components],
    }
    if _read(data) != expression:
        raise BadInput("the expression is not what its tree says")
    return data


def _read(data: Any) -> Expression:
    return Expression(
        what=str(data["what"]),
        values={str(name): expression_of(tree) for name, tree in data["values"]},
        definitions={expression_of(symbol): expression_of(tree) for symbol, tree in data["definitions"]},
        components=tuple(NamedComponent(name, count, tuple(parts)) for name, count, parts in data["components"]),
    )


__all__ = ["expression_of", "kept_expression", "tree_of"]
