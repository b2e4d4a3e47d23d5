"""Padded points for k < d: students that ignore the columns that no row orbit belongs to; are they critical?"""

from __future__ import annotations

from symrelu.model.reduced import Problem
from symrelu.model.target import IDENTITY


def spare_columns(problem: Problem) -> tuple[int, ...]:
    """The column orbits (from 0) that a padded student ignores: those for which ``--target pad`` has no teacher."""
    cols, rows = problem.space.isotropy.cols, problem.space.isotropy.rows
    moved = {o.block for o in rows if not o.is_fixed}
    fixed = sum(o.is_fixed for o in rows)
    spare = []
    for j, orbit in enumerate(cols):
        fixed -= orbit.is_fixed
        if not (orbit.block in moved or (orbit.is_fixed and fixed >= 0)):
            spare.append(j)
    return tuple(spare)


def padding_remark(problem: Problem) -> str | None:
    """For V = I and k < d: that a padded point is not critical, and its derivative in spare columns; None elsewhere.

    At W = [A 0] each student row is orthogonal to the spare teachers e_j, and what the students do to each other there
    vanishes with their entries: the derivative of row i in column j is -alpha_i beta_j kappa_s(p, 1, 0), p = |w_i|^2.
    For ReLU kappa_s(p, q, 0) = (pi - pi/2)/(2 pi) = 1/4.
    """
    spare = spare_columns(problem)
    if problem.target != IDENTITY or len(spare) in (0, len(problem.space.isotropy.cols)):
        return None
    import sympy

    p, s = sympy.symbols("p s", positive=True)
    slope = sympy.simplify(sympy.diff(problem.kernel(p, sympy.Integer(1), s), s).subs(s, 0))
    if slope == 0:
        return None
    names = [name for name, c in zip(problem.space.names, problem.space.coordinates, strict=True) if c.col in spare]
    beta = {problem.teacher.beta[j] for j in spare}
    alpha = set(problem.alpha) if problem.alpha is not None else set()
    unit = beta == {1} and alpha == {1}
    value = str(-slope) if unit else f"-alpha*beta*{slope}"
    return (
        f"with V = I the padded point ({', '.join(f'{name} = 0' for name in names)}) is not critical: there the "
        f"derivative of the loss by each of these entries of W is {value}, since no row learns those teachers; give "
        "--target pad for it"
    )


__all__ = ["padding_remark", "spare_columns"]
