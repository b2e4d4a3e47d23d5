"""Families with a target of less symmetry than V = I: students are matched block by block, in the target's order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np

from symrelu.descent.classified import Classified, loss_class
from symrelu.descent.problem import FittedTarget
from symrelu.errors import SymreluError
from symrelu.families import Family, family
from symrelu.identification.compare import matrix_and_loss
from symrelu.model.dense import Floats
from symrelu.model.setting import Setting
from symrelu.model.teacher import starts
from symrelu.symmetry.identify import MatrixIsotropy
from symrelu.symmetry.size import Size

MOST_BRANCHES = 4  # over one limit


@dataclass(frozen=True)
class _Part:
    """A block of the student's group: its rows and columns, the one beside the other, and where the columns lie."""

    rows: tuple[int, ...]
    cols: tuple[int, ...]
    interval: int


def matched(start: Classified, W: Floats, found: MatrixIsotropy, fitted: FittedTarget, tolerance: float) -> Classified:
    """The classification ``start``, completed by a family whose entries and loss at this d are the student's.

    Parameters: ``found``, the student's group in the symmetry group of the loss. Families are tried over the limit with
    the student's signs on the diagonal, where the group is Delta(...), refining the blocks of the target's own group.
    """
    setting = fitted.setting
    assert setting is not None
    parts = _parts(W, found, setting)
    if isinstance(parts, str):
        return replace(start, reason=parts)
    sizes = _sizes(parts, setting, found.d)
    if not any(not size.is_constant for size in sizes):
        return replace(start, reason="no block of its group grows with the target's")
    blocks = ",".join(str(size).replace(" ", "") for size in sizes)
    limit = ",".join("+" if W[part.rows[0], part.cols[0]] > 0 else "-" for part in parts)
    line = f"--blocks {blocks} --limit {limit}"
    order = [[x for part in parts for x in getattr(part, side)] for side in ("rows", "cols")]
    arranged = W[np.ix_(*order)]
    notes = []
    for branch in (None, *range(1, MOST_BRANCHES + 1)):
        try:
            one = _family(blocks, limit, branch, setting)
            point, loss = matrix_and_loss(one, found.d)
            distance = float(np.abs(point - arranged).max())
        except SymreluError as error:
            notes.append(str(error))
            if branch is None:
                continue
            break
        if distance <= tolerance and abs(loss - start.loss) <= tolerance:
            limit_text, how = loss_class(one)
            return replace(
                start,
                family=f"{blocks}:{limit}",
                type=line + ("" if branch is None else f" --branch {branch}"),
                limit=limit_text,
                loss_class=how,
                distance=distance,
            )
        if branch is None:
            notes.append(f"the family {blocks}:{limit} is at the distance {distance:.2g}")
            break
    return replace(start, type=f"--blocks {blocks}", notes=tuple(dict.fromkeys(notes[:2])))


def _parts(W: Floats, found: MatrixIsotropy, setting: Setting) -> list[_Part] | str:
    """The blocks of the group in the order of the target's columns; in words why there are none."""
    target = setting.target.isotropy
    if target is None:
        return f"families with target {setting.target.kind} are not compared where k < d"
    if not found.young.is_diagonal or found.extra > 1:
        return "families are compared where the group is Delta(...) and k = d"
    first = starts(target, target.cols, found.d)
    columns = np.searchsorted(first, np.arange(found.d), side="right") - 1
    rows, cols = (
        list(order[n - fixed :])
        for order, n, fixed in (
            (found.rows, found.k, found.young.fixed_rows),
            (found.cols, found.d, found.young.fixed_cols),
        )
    )
    pieces = [([u[0][0] for u in units], [u[1][0] for u in units]) for units in found.blocks]
    while rows:
        i, j = np.unravel_index(int(np.abs(W[np.ix_(rows, cols)]).argmax()), (len(rows), len(cols)))
        pieces.append(([rows.pop(int(i))], [cols.pop(int(j))]))
    parts = []
    for own_rows, own_cols in pieces:
        if len(own_rows) == 2 and abs(W[own_rows[0], own_cols[1]]) > abs(W[own_rows[0], own_cols[0]]):
            own_cols = own_cols[::-1]
        intervals = set(columns[own_cols].tolist())
        if len(intervals) > 1:
            return "a block of its group spreads over several column orbits of the target as it is given"
        parts.append(_Part(tuple(own_rows), tuple(own_cols), intervals.pop()))
    return sorted(parts, key=lambda part: (part.interval, -len(part.cols)))


def _sizes(parts: list[_Part], setting: Setting, d: int) -> list[Size]:
    """The blocks' sizes, affine in d: the largest block of each growing orbit of the target's columns grows with it."""
    target = setting.target.isotropy
    assert target is not None
    sizes = [Size(Fraction(len(part.cols))) for part in parts]
    for number, orbit in enumerate(target.cols):
        whole = target.orbit_size(orbit)
        mine = [i for i, part in enumerate(parts) if part.interval == number]
        if not whole.is_constant:
            sizes[mine[0]] = whole - sum(len(parts[i].cols) for i in mine[1:])
    return sizes


@lru_cache(maxsize=256)
def _family(blocks: str, limit: str, branch: int | None, setting: Setting) -> Family:
    return family(blocks=blocks, limit=limit, branch=branch, setting=setting)


__all__ = ["matched"]
