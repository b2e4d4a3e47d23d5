"""The search for what a matrix is: its group and block form, then the families of critical points one by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from typing import Any

import numpy as np

from symrelu.errors import BadInput, SeveralFamilies, SymreluError
from symrelu.families import Family
from symrelu.identification.result import Candidate, Identification
from symrelu.identification.tried import Array, families_to_try, families_with_one_row_more, types_with_limits
from symrelu.model.setting import PAPER, Setting
from symrelu.series.lifting import Progress
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.identify import MatrixIsotropy, check_matrix, doubts, matrix_isotropy
from symrelu.symmetry.matching import matrix_distance

DIGITS = 20  # of the families' points


def identify(
    matrix: Any,
    tolerance: float = 1e-6,
    rescaled: bool = False,
    progress: Progress | None = None,
    setting: Setting = PAPER,
) -> Identification:
    """The isotropy group of a k x d matrix up to the order of rows and columns, its block form, and its family.

    Families tried: the named ones, those of the matrix's own type over the limit whose diagonal signs the matrix
    shows, and with one fixed row more those near that family; each is evaluated at this d, and matches if all entries
    agree to the tolerance. rescaled: compare up to
    positive factors of the rows. setting: what the families fit to what; of its target every order of columns must be a
    symmetry, as of V = I. Families are kept from call to call, so that many matrices cost little more than one. Raises
    BadInput for what is no matrix of real numbers (or a zero row that is to be rescaled), and Undecided where the
    entries do not fall into values at this tolerance.
    """
    W = check_matrix(matrix)
    if rescaled:
        W = _unit_rows(W)
    if progress:
        progress("the isotropy group")
    found = matrix_isotropy(W, tolerance)
    entries = _entries(W, found)
    notes = doubts(found.clusters, tolerance)
    limits, missed = types_with_limits(W, found)
    notes += missed
    best: Candidate | None = None
    for one in chain(
        families_to_try(found, limits, notes, setting), families_with_one_row_more(W, found, notes, progress, setting)
    ):
        if progress:
            progress(f"family {one.key.label()}")
        try:
            compared = _compared(W, found, one, tolerance, rescaled)
        except SeveralFamilies:
            continue  # its branches follow
        except SymreluError as error:
            notes.append(f"not compared with {one.key.label()}: {error}")
            continue
        if compared is not None and (best is None or compared.distance < best.distance):
            best = compared
        if best is not None and best.distance <= tolerance:
            break
    limit = next((words for isotropy, words in limits if isotropy == found.isotropy), None)
    return Identification(tolerance, rescaled, found, entries, limit, best, tuple(notes))


def _unit_rows(W: Array) -> Array:
    norms = np.linalg.norm(W, axis=1)
    if not norms.all():
        raise BadInput(f"row {int(norms.argmin()) + 1} is zero; rows up to factors need norms above 0")
    unit: Array = W / norms[:, None]
    return unit


def _entries(W: Array, found: MatrixIsotropy) -> tuple[tuple[float, float], ...]:
    """Mean and largest deviation of each coordinate of the block form; none where there is no block form in d."""
    if found.isotropy is None:
        return ()
    places = FixedSpace(found.isotropy).index_matrix(found.d)
    block_form = W[np.ix_(found.rows, found.cols)]
    result = []
    for place in range(int(places.max()) + 1):
        values = block_form[places == place]
        mean = float(values[0] + np.mean(values - values[0]))
        result.append((mean, float(np.abs(values - mean).max())))
    return tuple(result)


def _compared(W: Array, found: MatrixIsotropy, one: Family, tolerance: float, rescaled: bool) -> Candidate | None:
    """The family with the largest difference of entries between the matrix and its point at this d
    (`matrix_distance`); None where they are not of one type.
    """
    M, loss = matrix_and_loss(one, found.d)
    if rescaled:
        M = _unit_rows(M)
    distance = matrix_distance(W, found, M, matrix_isotropy(M, min(tolerance, 1e-9)))
    if distance is None:
        return None
    return Candidate(one, distance, loss)


def matrix_and_loss(one: Family, d: int) -> tuple[Array, float]:
    """The point of a family at a whole d, rounded to floats, and its loss. Raises NoFamily where it has none."""
    from symrelu.exact.arithmetic import MpmathArithmetic

    arithmetic, path = MpmathArithmetic(DIGITS), one.path()
    values = path.point(Fraction(d), arithmetic)
    asked = [float(x) for x in path.of_asked(values)][: one.space.dim]
    # entries that are constant are those of the target, its rows in any order
    loss = 0.0 if path.is_constant else float(path.problem.at(arithmetic, values, arithmetic.rational(d)).loss())
    return np.asarray(one.space.matrix(asked, d), dtype=float), loss
