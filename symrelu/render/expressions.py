"""Exact expressions on Fix(G) as text, LaTeX and JSON."""

from __future__ import annotations

from typing import Any

import sympy

from symrelu.catalogue import choose_type
from symrelu.errors import BadInput
from symrelu.model.expression import Expression, NamedComponent, gradient_expression, latex_names, loss_expression
from symrelu.model.reduced import Problem
from symrelu.model.setting import PAPER, Setting
from symrelu.spectrum.blocks import trains_second
from symrelu.spectrum.expressions import component_expressions
from symrelu.store.expressions import kept_expression
from symrelu.symmetry.fixed_space import FixedSpace

NAMING = "kind(row orbit,column orbit), second(row orbit)"


def expressions_of(
    what: str,
    name: str | None = None,
    blocks: str | None = None,
    rows: str | None = None,
    cols: str | None = None,
    limit: str | None = None,
    branch: int | None = None,
    layers: int = 2,
    setting: Setting = PAPER,
) -> Expression:
    """The expressions for a family's isotropy type, which depend on no limit and no branch: these are checked only.

    ``layers``: of the Hessian, 2 if both layers are trained, 1 if the second is fixed at 1.
    """
    isotropy = choose_type(name, blocks, rows, cols, limit)
    if branch is not None and branch < 1:
        raise BadInput(f"branch {branch} was asked for, but branches count from 1; leave --branch out")
    problem = setting.problem(FixedSpace(isotropy))
    trains_second(layers)
    if what in ("hessian", "eigenvalues"):
        kind = f"{what} {layers}"
        return kept_expression(kind, isotropy, setting, lambda: _of_components(problem, what, layers))
    if layers != 2:
        raise BadInput(f"--layers {layers} was given with --what {what}, which it does not change; leave it out")
    make = loss_expression if what == "loss" else gradient_expression
    return kept_expression(what, isotropy, setting, lambda: make(problem))


def _of_components(problem: Problem, what: str, layers: int) -> Expression:
    """The blocks H of the isotypic components entry by entry with their Gram matrices M, or the eigenvalues
    they have.
    """
    values: dict[str, sympy.Expr] = {}
    definitions: dict[sympy.Symbol, sympy.Expr] = {}
    components = []
    for c in component_expressions(problem, layers):
        name = c.component.name
        multiplicity = str(c.component.dimension(problem.space.isotropy))
        components.append(NamedComponent(name, multiplicity, c.representatives))
        definitions |= c.definitions
        if what == "eigenvalues" and c.eigenvalues:
            values |= {f"lambda_{name}_{i}": value for i, value in enumerate(c.eigenvalues, 1)}
            continue
        size = c.hessian.rows  # more than two copies have no closed form: det(H - lambda M) = 0 is the equation
        for letter, matrix in (("H", c.hessian), ("M", c.gram)):
            for i in range(size):
                for j in range(i, size):
                    values[f"{letter}_{name}_{i + 1}_{j + 1}"] = matrix[i, j]
    return Expression(what, values, definitions, tuple(components))


def expression_text(expression: Expression, explicit: bool) -> str:
    """One formula a line, then the components and the names; or the formulas written out."""
    formulas = expression.explicit() if explicit else expression.values
    lines = [f"{name} = {value}" for name, value in formulas.items()]
    if expression.components:
        lines += ["", f"components: multiplicity of each eigenvalue, representatives 1, 2, ... as {NAMING}"]
        width = max(len(c.name) for c in expression.components)
        lines += [
            f"  {c.name:<{width}}  {c.multiplicity}: {', '.join(c.representatives)}" for c in expression.components
        ]
    if expression.definitions and not explicit:
        lines += ["", "where"] + [f"  {symbol} = {value}" for symbol, value in expression.definitions.items()]
    return "\n".join(lines)


def expression_latex(expression: Expression, explicit: bool) -> str:
    """An aligned display in the paper's notation, the names defined below it; or the formulas written out."""
    names = {} if explicit else latex_names(expression)
    values = expression.explicit() if explicit else expression.values
    rows = [rf"{_left_side(name)} &= {sympy.latex(value, symbol_names=names)}" for name, value in values.items()]
    for c in expression.components:
        shown = ", ".join(c.representatives)
        rows.append(
            rf"&\text{{{c.name}: multiplicity }} {c.multiplicity.replace('*', '')} \text{{, representatives {shown}}}"
        )
    if not explicit:
        rows += [f"{names[symbol]} &= {sympy.latex(value)}" for symbol, value in expression.definitions.items()]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _left_side(name: str) -> str:
    if name == "L":
        return r"\mathcal{L}"
    head, *indices = name.split("_")
    letter = r"\lambda" if head == "lambda" else head
    return rf"{letter}_{{{','.join(indices)}}}"


def expression_json(expression: Expression) -> dict[str, Any]:
    """The formulas as text, compact and written out, with the names."""
    return {
        "what": expression.what,
        "values": {name: str(value) for name, value in expression.values.items()},
        "definitions": {str(symbol): str(value) for symbol, value in expression.definitions.items()},
        "explicit": {name: str(value) for name, value in expression.explicit().items()},
        "components": [
            {"component": c.name, "multiplicity": c.multiplicity, "representatives": list(c.representatives)}
            for c in expression.components
        ],
    }
