"""Which minimum is it? Converged students, in any order of rows and columns, matched to families of critical points.

Many runs end in one minimum, so they are grouped first; each group is identified once, with the families that were
evaluated for others (:func:`symrelu.identification.identify` keeps them).

>>> import symrelu
>>> from symrelu.descent.classify import classify
>>> from symrelu.descent.problem import FittedTarget
>>> W = symrelu.family("3a").at(9).matrix()
>>> found = classify(W, FittedTarget.of(symrelu.Setting(), 9))
>>> found.family, found.multiplicity, found.loss_class
('3a', 13063680, 'Theta(1/d)')
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from symrelu.descent.classified import Classified, loss_class
from symrelu.descent.other_targets import matched
from symrelu.descent.problem import EQUAL, FittedTarget
from symrelu.errors import SymreluError, Undecided
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.families import Family
from symrelu.identification import Identification, identify
from symrelu.model.dense import Floats
from symrelu.model.setting import Setting
from symrelu.series.lifting import Progress
from symrelu.symmetry.identify import MatrixIsotropy
from symrelu.symmetry.isotropy import Isotropy

ZERO_LOSS = 1e-12  # of a network that computes the target; the spurious minima that are known have losses above 1e-3
DIGITS = 20  # of the families' points
GLOBAL = "global"


@dataclass(frozen=True, eq=False)
class Group:
    """Students that are one point up to the order of rows and columns: the first of them, with its loss and second
    layer, and the numbers of all in the list that was grouped. ``members``: those numbers.
    """

    weights: Floats
    alpha: Floats
    loss: float
    members: tuple[int, ...]


def grouped(weights: Sequence[Floats], alpha: Sequence[Floats], losses: Sequence[float]) -> list[Group]:
    """Students of one shape, grouped by what no order of rows and columns changes: entries, norms of rows and columns,
    the second layer and the loss, all to 1e-7, so a group is the orbit of one student but for coincidences.
    """
    found: list[tuple[Floats, list[int]]] = []
    for number, (W, a, loss) in enumerate(zip(weights, alpha, losses, strict=True)):
        marks = np.concatenate(
            [
                [loss],
                np.sort(a),
                np.sort(W, axis=None),
                np.sort(np.linalg.norm(W, axis=1)),
                np.sort(np.linalg.norm(W, axis=0)),
            ]
        )
        for other, members in found:
            if np.abs(other - marks).max() <= 10 * EQUAL:
                members.append(number)
                break
        else:
            found.append((marks, [number]))
    return [Group(weights[m[0]], alpha[m[0]], losses[m[0]], tuple(m)) for _, m in found]


def unit_second_layer(W: Floats, alpha: Floats, homogeneous: bool) -> tuple[Floats, Floats]:
    """The same network with second layer +-1, where the activation is positively homogeneous; else as it is."""
    if not homogeneous:
        return W, alpha
    scaled: Floats = np.abs(alpha)[:, None] * W
    signs: Floats = np.where(alpha < 0, -1.0, 1.0)
    return scaled, signs


def classify(
    W: Any,
    fitted: FittedTarget,
    alpha: Any = None,
    loss: float | None = None,
    tolerance: float = EQUAL,
    progress: Progress | None = None,
) -> Classified:
    """Isotropy, family and line of a critical point W of shape (k, d), known to a tenth of ``tolerance`` or better.

    Parameters: ``fitted``, the target; ``alpha`` of shape (k,), the second layer (default: 1), which for positively
    homogeneous activations is taken into W up to its signs; ``loss`` at W, if it is known. A family matches if all
    entries and the loss agree to ``tolerance`` in the best order of rows and columns. W is taken for critical: that it
    is one is not checked.
    """
    W = np.asarray(W, dtype=float)
    weights = np.ones(len(W)) if alpha is None else np.asarray(alpha, dtype=float)
    value = float(fitted.loss.loss(W, weights)) if loss is None else loss
    W, weights = unit_second_layer(W, weights, fitted.kernel.homogeneous)
    if abs(value) < ZERO_LOSS:
        return zero_loss(len(W), fitted, W, weights, tolerance)
    try:
        found = fitted.isotropy(W, weights, tolerance)
    except Undecided as error:
        return Classified(None, "", str(error), "not told", None, None, None, value)
    symmetry = fitted.symmetry.order
    start = Classified(
        family=None,
        type="",
        reason="",
        isotropy=found.label(),
        order=found.order,
        broken=symmetry // found.order,
        multiplicity=math.factorial(len(W)) * symmetry // found.order,
        loss=value,
    )
    if fitted.setting is None:
        return replace(start, reason="the target is a matrix of numbers, for which no families are derived")
    if np.any(weights != 1):
        return replace(start, reason="rows with a negative second layer: families with --alpha-signs were not compared")
    if not fitted.is_identity:
        return matched(start, W, found, fitted, tolerance)
    answer = identify(W, tolerance, progress=progress, setting=fitted.setting)
    match = answer.match
    if match is None or abs(match.loss - value) > tolerance:
        return _new(start, answer, found)
    limit, how = loss_class(match.family)
    name, line, notes = match.name, answer.type or "", answer.notes
    if match.family.key.branch is not None and not match.family.key.isotropy.is_diagonal:
        name, line, notes = _searched(answer, match.family, fitted.setting, match.loss)
    return replace(
        start,
        family=name,
        type=line,
        limit=limit,
        loss_class=how,
        distance=match.distance,
        notes=notes,
    )


def _searched(answer: Identification, one: Family, setting: Setting, loss: float) -> tuple[str, str, tuple[str, ...]]:
    """Label, line and notes of a family that was found near another one, with the number that a search of its whole
    type gives it; with the number it was found under, and a note, where no such search meets it.
    """
    key, d = one.key, answer.found.d
    label, line = key.label(), answer.type or ""
    try:
        found = _all_over(key.isotropy, key.limit_text(), setting) if key.limit is not None else ()
        for another in found:
            if abs(_loss_at(another, d) - loss) <= EQUAL:
                number = "" if another.key.branch is None else f" --branch {another.key.branch}"
                kept = [note for note in answer.notes if "branches are numbered among these" not in note]
                return another.key.label(), line.rsplit(" --branch ", 1)[0] + number, tuple(kept)
    except SymreluError as error:
        return label, line, (*answer.notes, f"the number of the branch was not checked: {error}")
    return label, line, (*answer.notes, "a search of the whole type does not meet it: its branch has no number")


@lru_cache(maxsize=64)
def _all_over(isotropy: Isotropy, limit: str, setting: Setting) -> tuple[Family, ...]:
    """All families that a search of a type finds over one limit."""
    from symrelu.found import find_families

    blocks, rows, cols = (
        ",".join(str(x).replace(" ", "") for x in group) for group in (isotropy.blocks, isotropy.rows, isotropy.cols)
    )
    return find_families(blocks=blocks, rows=rows, cols=cols, limit=limit, setting=setting).families


def _loss_at(one: Family, d: int) -> float:
    """The loss of a family at a whole d, infinity where it has no point there."""
    arithmetic = MpmathArithmetic(DIGITS)
    try:
        path = one.path()
        values = path.point(Fraction(d), arithmetic)
    except SymreluError:
        return math.inf
    return float(path.problem.at(arithmetic, values, arithmetic.rational(d)).loss())


def zero_loss(
    k: int, fitted: FittedTarget, W: Floats | None = None, alpha: Floats | None = None, tolerance: float = EQUAL
) -> Classified:
    """What a network of k neurons and zero loss is: the target's rows in some order (for V = I case 1a), or another
    point of the set of networks that compute the target.

    Parameters: ``W`` of shape (k, d) and ``alpha`` of shape (k,), the network, where k is the target's number of rows.
    The multiplicity is None unless the networks of zero loss are known to be the orders of the target's rows (and
    their signs, for even activations). ``fitted``: the target; ``tolerance``: below which entries are equal.
    """
    h, symmetry = len(fitted.V), fitted.symmetry
    start = Classified(GLOBAL, "", "", "various", None, None, None, 0.0, limit="0", loss_class="0")
    if k != h or W is None:
        return replace(
            start, reason="zero loss with more neurons than the target has: a continuum of networks, no isolated point"
        )
    weights = np.ones(k) if alpha is None else alpha
    if not _is_target(W, weights, fitted, 10 * tolerance):
        try:
            found = fitted.isotropy(W, weights, tolerance)
        except Undecided as error:
            return replace(start, reason=f"another network of zero loss than the target's rows: {error}")
        return replace(
            start,
            reason="another network of zero loss than the target's rows in some order",
            isotropy=found.label(),
            order=found.order,
            broken=symmetry.order // found.order,
        )
    paper = fitted.is_identity and k == fitted.d
    start = replace(
        start,
        family="1a" if paper else GLOBAL,
        type="--blocks d --limit +" if paper else "",
        reason="" if paper else "the target itself, its rows in some order",
        isotropy=symmetry.label(),
        order=symmetry.order,
        broken=1,
    )
    if fitted.kernel.rotations or _has_parallel_rows(fitted.V):
        return replace(start, reason=f"{start.reason or 'the target itself'}, in a continuum of networks of zero loss")
    return replace(start, multiplicity=math.factorial(k) * (2**k if fitted.kernel.even else 1))


def _is_target(W: Floats, alpha: Floats, fitted: FittedTarget, tolerance: float) -> bool:
    """Whether the rows of W, with their second layer, are those of the target in some order."""
    V, beta = unit_second_layer(fitted.V, fitted.beta, fitted.kernel.homogeneous)
    left = list(range(len(W)))
    for row, b in zip(V, beta, strict=True):
        near = [i for i in left if np.abs(W[i] - row).max() <= tolerance and abs(alpha[i] - b) <= tolerance]
        if not near:
            return False
        left.remove(near[0])
    return True


def _has_parallel_rows(V: Floats) -> bool:
    units = V / np.linalg.norm(V, axis=1, keepdims=True)
    cosines = np.abs(units @ units.T) - np.eye(len(V))
    return bool(cosines.max(initial=0) > 1 - 1e-12)


def _new(start: Classified, answer: Identification, found: MatrixIsotropy) -> Classified:
    """A type that no family of those tried passes through."""
    notes = list(answer.notes)
    if answer.nearest is not None:
        notes.append(
            f"the nearest family tried, {answer.nearest.name}, is at the distance {answer.nearest.distance:.2g}"
        )
    if found.extra > 1:
        return replace(start, reason="its group is no product of symmetric groups of blocks", notes=tuple(notes))
    if found.isotropy is None or not found.young.blocks:
        return replace(start, reason="its group moves no columns, so there is no block to grow", notes=tuple(notes))
    why = _no_series(found.isotropy) or ""
    return replace(start, type=answer.type or "", reason=why, notes=tuple(notes))


@lru_cache(maxsize=256)
def _no_series(isotropy: Isotropy) -> str | None:
    """Why a type of three blocks has no series, where that is so."""
    from symrelu.regions import no_series_reason

    try:
        return no_series_reason(isotropy)
    except SymreluError as error:
        return f"whether it has a series was not decided: {error}"


__all__ = ["GLOBAL", "Classified", "Group", "classify", "grouped", "loss_class", "unit_second_layer", "zero_loss"]
