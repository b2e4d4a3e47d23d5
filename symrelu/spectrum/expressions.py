"""Exact expressions of the Hessian on the isotypic components: blocks as SymPy matrices in a_i and d, eigenvalues
in closed form up to size 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import sympy

from symrelu.errors import BadInput
from symrelu.model.expression import D, NamedPoint, collected
from symrelu.model.reduced import Problem
from symrelu.spectrum.blocks import block, trains_second
from symrelu.symmetry.isotypic import Component, components, copies

LAMBDA = sympy.Symbol("lambda")


@dataclass(frozen=True)
class ComponentExpression:
    """One component: the pencil (H, M) of its copies, and its eigenvalues det(H - lambda M) = 0, in the paper's
    notation.

    ``hessian`` and ``gram`` are SymPy matrices in the representatives named by ``representatives``;
    ``eigenvalues`` are closed forms
    for one or two copies and empty beyond; ``definitions``: the norms and angles named. Off critical points too.
    ``multiplicity``: of each eigenvalue, in d.
    """

    component: Component
    multiplicity: sympy.Expr
    representatives: tuple[str, ...]
    hessian: sympy.Matrix
    gram: sympy.Matrix
    eigenvalues: tuple[sympy.Expr, ...]
    definitions: dict[sympy.Symbol, sympy.Expr]

    def characteristic_polynomial(self) -> sympy.Expr:
        """det(H - lambda M) as an expression in lambda, unexpanded: entries as written, no division."""
        return _determinant((self.hessian - LAMBDA * self.gram).tolist())


def component_expression(problem: Problem, name: str, layers: int = 2) -> ComponentExpression:
    """The expressions of the component of that name (t, s1, x1, y1, s1*s2). BadInput if it does not occur."""
    for found in component_expressions(problem, layers, name):
        return found
    known = ", ".join(c.name for c in components(problem.space.isotropy))
    raise BadInput(f"there is no component {name!r} for {problem.space.isotropy.label()}; its components are {known}")


def component_expressions(problem: Problem, layers: int = 2, only: str | None = None) -> list[ComponentExpression]:
    """The expressions of every component (or of one), in the order t, s, x, y, s*s. ``only``: the name of that one."""
    point, second = NamedPoint(problem), trains_second(layers)
    result = []
    for component in components(problem.space.isotropy):
        if only is not None and component.name != only:
            continue
        of = copies(problem.space.isotropy, component, second)
        pencil = block(point, of)
        hessian = sympy.Matrix([[collected(x) for x in row] for row in pencil.hessian])
        gram = sympy.Matrix([[sympy.factor(x) for x in row] for row in pencil.gram])
        result.append(
            ComponentExpression(
                component,
                component.dimension(problem.space.isotropy).sympy(D),
                tuple(r.name for r in of.representatives),
                hessian,
                gram,
                _closed_forms(hessian, gram),
                dict(point.definitions),
            )
        )
    return result


def _determinant(matrix: list[list[sympy.Expr]]) -> sympy.Expr:
    """The determinant by cofactors, each minor of the last rows once. Nothing is expanded or simplified.

    SymPy's own ``det`` simplifies between its steps (up to size 3 by any method), which never ends on entries of
    hundreds of terms; a method that divides would divide by pivots that nothing shows not to vanish.
    """
    n = len(matrix)
    minors: dict[tuple[int, ...], sympy.Expr] = {(): sympy.Integer(1)}
    for size in range(1, n + 1):
        row = matrix[n - size]
        minors = {
            columns: sympy.Add(
                *((-1) ** i * row[c] * minors[columns[:i] + columns[i + 1 :]] for i, c in enumerate(columns))
            )
            for columns in combinations(range(n), size)
        }
    return minors[tuple(range(n))]


def _closed_forms(hessian: sympy.Matrix, gram: sympy.Matrix) -> tuple[sympy.Expr, ...]:
    """The eigenvalues of pencils of size 1 and 2."""
    if hessian.rows == 1:
        return (collected(sympy.expand(hessian[0, 0] / gram[0, 0])),)
    if hessian.rows == 2:
        matrix = gram.inv() * hessian
        half_trace = collected(sympy.expand((matrix[0, 0] + matrix[1, 1]) / 2))
        half_gap = collected(sympy.expand((matrix[0, 0] - matrix[1, 1]) / 2))
        root = sympy.sqrt(half_gap**2 + collected(sympy.expand(matrix[0, 1])) * collected(sympy.expand(matrix[1, 0])))
        return (half_trace - root, half_trace + root)
    return ()
