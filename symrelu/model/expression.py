r"""Exact expressions in a_1, a_2, ... and a real d, in the paper's notation or written out.

nu_i is the norm of a row of orbit i, alpha_i_j the angle of a row of orbit i with a row of orbit j of W, beta_i_j
with a
row of V. Rows of one block have two such angles: plain, with the row of the same index; with the suffix o, with a row
of
another index. In LaTeX these are \nu_{(i)}, \alpha_{(i)}^{(j)}, \beta_{(i)}^{(j)}, primed for another index. The paper
(section 4.1) numbers single rows instead of orbits: for Delta S_d its \alpha_{(1)}^{(2)}, \beta_{(1)}^{(1)} and
\beta_{(1)}^{(2)} are our alpha_1_1o, beta_1_1 and beta_1_1o.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy

from symrelu.exact.arithmetic import SYMBOLIC, lagrange
from symrelu.model.kernels import Gram
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.model.rows import Relation, identical

D = sympy.Symbol("d", positive=True)


@dataclass(frozen=True)
class NamedComponent:
    """An isotypic component of a Hessian: how often each eigenvalue occurs, and the representatives 1, 2, ... in order.

    H_name_i_j and M_name_i_j are the Hessian form and the inner product of representatives i and j. ``multiplicity``:
    of each eigenvalue, as text in d.
    """

    name: str
    multiplicity: str
    representatives: tuple[str, ...]


@dataclass(frozen=True)
class Expression:
    """Exact formulas with the meaning of the names in them.

    ``values``: name -> SymPy expression (one for the loss, one a coordinate for the gradient); ``definitions``:
    the norms and angles used, symbol -> expression in a_i and d; ``components``: of a Hessian, what the names mean.

    The formulas hold where no two rows are parallel: at a point where some are, such as 1a itself, they may read 0/0.
    """

    what: str
    values: dict[str, sympy.Expr]
    definitions: dict[sympy.Symbol, sympy.Expr]
    components: tuple[NamedComponent, ...] = ()

    def explicit(self) -> dict[str, sympy.Expr]:
        """The same formulas in a_i and d alone."""
        return {name: value.xreplace(self.definitions) for name, value in self.values.items()}


def coordinates(problem: Problem) -> list[sympy.Symbol]:
    """The symbols a_1, a_2, ..., and alpha_1, ... where the second layer is a variable."""
    return [sympy.Symbol(name, real=True) for name in problem.names]


def loss_expression(problem: Problem) -> Expression:
    """The reduced loss as an exact expression in a_i and d."""
    point = NamedPoint(problem)
    return Expression("loss", {"L": collected(point.loss())}, point.definitions)


def gradient_expression(problem: Problem) -> Expression:
    """The vector F of the paper's section 4.1: dL/da_i of the reduced loss (entry gradients times orbit sizes)."""
    point = NamedPoint(problem)
    values = {f"F_{i + 1}": collected(f) for i, f in enumerate(point.gradient())}
    return Expression("gradient", values, point.definitions)


class NamedPoint(ReducedPoint):
    """A symbolic point whose norms and angles stay names: the same orbit rules, with Gram entries in nu, alpha,
    beta. Kernels without root and angle, and those with a lift, are written out in the coordinates instead.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem, SYMBOLIC, coordinates(problem), D)
        self.definitions: dict[sympy.Symbol, sympy.Expr] = {}
        self._named = not problem.kernel.lift and not problem.kernel.polynomial

    def _define(self, name: str, value: sympy.Expr) -> sympy.Symbol:
        symbol = sympy.Symbol(name, positive=True)
        self.definitions[symbol] = value
        return symbol

    def norm(self, teacher: bool, a: int) -> tuple[Any, Any]:
        """(nu**2, 1/nu**2) with nu the name of the norm.

        ``teacher``: of the target's row orbit a, not of the student's.
        """
        if teacher or not self._named:
            return super().norm(teacher, a)
        if (teacher, a) not in self._norms:
            p = sympy.expand(super().norm(teacher, a)[0])
            nu = self._define(f"nu_{a + 1}", sympy.sqrt(p))
            self._norms[teacher, a] = (nu**2, nu**-2)
        return self._norms[teacher, a]

    def _new_gram(self, teacher_a: bool, a: int, teacher_b: bool, b: int, relation: Relation) -> Gram:
        u, v = self.rows(teacher_a).cells[a], self.rows(teacher_b).cells[b]
        if not self._named or (teacher_a and teacher_b) or identical(u, relation, teacher_a == teacher_b and a == b):
            return super()._new_gram(teacher_a, a, teacher_b, b, relation)
        (p, ip), (q, iq) = self.norm(teacher_a, a), self.norm(teacher_b, b)
        nu, mu = sympy.sqrt(p), sympy.sqrt(q)
        s = sympy.expand(self.scalar(self.geometry.inner(u, v, relation)))
        parallel = sympy.expand(self.scalar(lagrange(self.geometry.column_classes(u, v, relation)))) == 0
        other = "o" if relation is Relation.DISTINCT else ""
        letter = "beta" if teacher_b else "alpha"
        cosine = s / (nu * mu).xreplace(self.definitions)
        angle = self._define(f"{letter}_{a + 1}_{b + 1}{other}", sympy.acos(cosine))
        if parallel:  # at every point, as rows with one orbit of columns are: the sine is 0, and must divide nothing
            return Gram(p, q, s, sympy.Integer(0), sympy.pi - angle, ip, iq, True)
        return Gram(p, q, nu * mu * sympy.cos(angle), nu * mu * sympy.sin(angle), sympy.pi - angle, ip, iq, False)


def latex_names(expression: Expression) -> dict[sympy.Symbol, str]:
    r"""LaTeX for the names: \nu_{(1)}, \alpha_{(1)}^{(1')}. ``expression``: whose names are meant."""
    names = {}
    for symbol in expression.definitions:
        head, low, *high = symbol.name.split("_")
        above = f"^{{({high[0].replace('o', chr(39))})}}" if high else ""
        names[symbol] = rf"\{head}_{{({low})}}{above}"
    return names


def collected(value: sympy.Expr) -> sympy.Expr:
    """The expression expanded, cos**2 = 1 - sin**2, with the polynomials in d beside each product of names factored.

    ``value``: the expression.
    """
    value = sympy.expand(value).replace(
        lambda e: e.is_Pow and isinstance(e.base, sympy.cos) and e.exp.is_Integer and e.exp > 1,
        lambda e: (1 - sympy.sin(e.base.args[0]) ** 2) ** (e.exp // 2) * e.base ** (e.exp % 2),
    )
    groups: dict[sympy.Expr, sympy.Expr] = {}
    for term in sympy.Add.make_args(sympy.expand(value)):
        rest, powers = term.as_independent(D)
        number, names = rest.as_coeff_Mul()
        groups[names] = groups.get(names, sympy.Integer(0)) + number * powers
    return sympy.Add(*(sympy.factor(polynomial) * names for names, polynomial in groups.items()))
