"""Targets: teacher networks that a Young-type group fixes, given exactly, seen by the orbits of any smaller group.

A target is ``I`` (the identity, one teacher orbit a column orbit), ``pad`` (the identity on the columns that have rows,
no teacher for columns left over), or given by exact entries for the orbits of a group of its own, which need not be the
student's (:func:`symrelu.model.teacher.regrouped`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

from symrelu.errors import BadInput
from symrelu.exact.parse import parse_fraction
from symrelu.model.second_layer import spread
from symrelu.model.teacher import Exact, Teacher, paired, regrouped
from symrelu.symmetry.isotropy import Isotropy, Orbit

_EXAMPLE = '{"blocks": "d-1,1", "rows": "1", "entries": [[["1", "0"], "1/2"]]}'


@dataclass(frozen=True)
class Target:
    """A target, as a user names it.

    ``kind``: "I", "pad" or "given". Of a given one: ``isotropy``, a group that fixes it, whose *rows* are the teacher's
    orbits; ``cells``, (c, delta) for each teacher orbit and column orbit: other and own entry differ by delta.
    Raises BadInput for entries that do not fit the orbits, and for rows that vanish.
    """

    kind: Literal["I", "pad", "given"]
    isotropy: Isotropy | None = None
    cells: tuple[tuple[Exact, ...], ...] = ()

    def __post_init__(self) -> None:
        if self.kind != "given":
            return
        group = self.isotropy
        assert group is not None
        if len(self.cells) != len(group.rows) or any(len(row) != len(group.cols) for row in self.cells):
            raise BadInput(
                f"the target has entries for {len(self.cells)} teacher orbits of "
                f"{', '.join(map(str, map(len, self.cells)))} column orbits; {group.label()} has {len(group.rows)} of "
                f"{len(group.cols)}"
            )
        for number, (orbit, row) in enumerate(zip(group.rows, self.cells, strict=True), 1):
            if not any(c or delta for c, delta in row):
                raise BadInput(f"teacher orbit {number} of the target is 0 everywhere; leave it out")
            if not group.orbit_size(orbit).is_one and not any(delta for _, delta in row):
                raise BadInput(
                    f"the rows of teacher orbit {number} are equal; write them as one fixed row *, with a larger beta"
                )

    @classmethod
    def parse(cls, text: str) -> Target:
        """``I``, ``pad``, or the name of a JSON file (see :meth:`from_json`). Raises BadInput otherwise."""
        word = text.strip()
        if word in (IDENTITY.kind, PAD.kind):
            return IDENTITY if word == IDENTITY.kind else PAD
        try:
            data = json.loads(Path(text).read_text(encoding="utf-8"), parse_float=_float_refused)
        except OSError as error:
            reason = error.strerror or error
            raise BadInput(
                f"the target was given as {text!r}, which cannot be read ({reason}); give I, pad or a JSON file such "
                f"as {_EXAMPLE}"
            ) from None
        except BadInput:  # of a float
            raise
        except (ValueError, RecursionError) as error:
            raise BadInput(f"the target file {text!r} is no JSON ({error}); needed: {_EXAMPLE}") from None
        return cls.from_json(data)

    @classmethod
    def from_json(cls, data: Any) -> Target:
        """A target from "I", "pad" or an object: ``blocks`` and optionally ``rows`` (the teacher's orbits) and ``cols``
        of a group that fixes it, as on the command line, and ``entries``: for each teacher orbit and column orbit an
        exact number, as an integer or text, or the pair [own, other] where both belong to one block.

        Raises BadInput for anything else, floats among them.
        """
        if data in ("I", "pad"):
            return IDENTITY if data == "I" else PAD
        if not isinstance(data, Mapping) or not {"blocks", "entries"} <= set(data):
            raise BadInput(f"the target lacks blocks or entries; needed: {_EXAMPLE}")
        unknown = sorted(set(data) - {"blocks", "rows", "cols", "entries"})
        words = [data.get(key) for key in ("blocks", "rows", "cols")]
        if unknown or not all(word is None or isinstance(word, str) for word in words):
            raise BadInput(
                f"the target has {', '.join(unknown) or 'blocks, rows or cols that are not text'}; needed: {_EXAMPLE}"
            )
        group = Isotropy.parse(data["blocks"], data.get("rows"), data.get("cols"))
        entries = data["entries"]
        if (
            not isinstance(entries, list)
            or len(entries) != len(group.rows)
            or not all(isinstance(row, list) and len(row) == len(group.cols) for row in entries)
        ):
            raise BadInput(
                f"the entries of the target must be {len(group.rows)} lists (teacher orbits) of {len(group.cols)} "
                f"cells (column orbits) for {group.label()}; for example {_EXAMPLE}"
            )
        cells = tuple(
            tuple(_read_cell(row[j], paired(group, orbit, col), i, j) for j, col in enumerate(group.cols))
            for i, (orbit, row) in enumerate(zip(group.rows, entries, strict=True))
        )
        return cls("given", group, cells)

    @classmethod
    def of(cls, isotropy: Isotropy, teacher: Teacher) -> Target:
        """The target with the teacher rows that a group sees: the same one, given by its entries."""
        used = sorted({o.block for o in (*teacher.orbits, *isotropy.cols) if o.block is not None})
        numbers = {b: i for i, b in enumerate(used)}
        rows, cols = (
            tuple(Orbit(None if o.block is None else numbers[o.block]) for o in orbits)
            for orbits in (teacher.orbits, isotropy.cols)
        )
        return cls("given", Isotropy(tuple(isotropy.blocks[b] for b in used), rows, cols), teacher.cells)

    def to_json(self) -> Any:
        """What :meth:`from_json` reads."""
        group = self.isotropy
        if group is None:
            return self.kind
        return {
            "blocks": ",".join(map(str, group.blocks)),
            "rows": ",".join(map(str, group.rows)),
            "cols": ",".join(map(str, group.cols)),
            "entries": [
                [str(c) if delta is None else [str(c + delta), str(c)] for c, delta in row] for row in self.cells
            ],
        }

    def label(self) -> str:
        """The target in a few words."""
        return self.kind if self.isotropy is None else f"given on {self.isotropy.label()}"

    def teacher(self, isotropy: Isotropy, beta: Sequence[Fraction] = ()) -> Teacher:
        """The teacher rows as the group ``isotropy`` sees them.

        Parameters: ``beta``, the second layer: one number a teacher orbit (of a given target's own group), one number
        for all, or none for 1.
        Raises BadInput for another number of them, if the group does not fix the target (rows and beta), and if nothing
        is left to be taught.
        """
        return _teacher(self, isotropy, tuple(beta))


IDENTITY = Target("I")
"""V = I_d."""
PAD = Target("pad")
"""The identity on the column orbits whose block moves rows too, and on as many fixed columns as there are fixed rows,
in order; no teacher for the columns left over: V padded with zeros for k < d."""


def _float_refused(text: str) -> Any:
    raise BadInput(f'the target contains the float {text}; write exact numbers as text, such as "1/2" or "{text}"')


def _read_cell(cell: Any, paired: bool, i: int, j: int) -> Exact:
    where = f"the target's entry at teacher orbit {i + 1}, column orbit {j + 1}"

    def number(value: Any) -> Fraction:
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise BadInput(f'{where} is {value!r}; give an integer or an exact number as text, such as "1/2"')
        return Fraction(value) if isinstance(value, int) else parse_fraction(value, where)

    if not paired:
        return number(cell), None
    if not isinstance(cell, list) or len(cell) != 2:
        raise BadInput(f'{where} lies in one block, so it has two numbers: give [own, other], such as ["1", "0"]')
    own, other = map(number, cell)
    return other, own - other


@cache
def _teacher(target: Target, isotropy: Isotropy, beta: tuple[Fraction, ...]) -> Teacher:
    if target.isotropy is None:
        taught = list(range(len(isotropy.cols))) if target.kind == "I" else _padded(isotropy)
        if not taught:
            raise BadInput(
                f"target pad leaves no teacher for {isotropy.label()}: no column orbit has rows of its own; give I or "
                "a file"
            )
        orbits = tuple(isotropy.cols[j] for j in taught)
        cells = tuple(tuple(_unit_cell(isotropy, j, i) for i in range(len(isotropy.cols))) for j in taught)
        return Teacher(orbits, cells, _betas(beta, len(orbits)))
    full = _betas(beta, len(target.cells))
    if (target.isotropy.blocks, target.isotropy.cols) == (isotropy.blocks, isotropy.cols):
        orbits = tuple(orbit if orbit in isotropy.cols else Orbit(None) for orbit in target.isotropy.rows)
        return Teacher(orbits, target.cells, full)
    given = Teacher(target.isotropy.rows, target.cells, full)
    return regrouped(given, target.isotropy, isotropy, target.label())


def _unit_cell(isotropy: Isotropy, j: int, i: int) -> Exact:
    one = isotropy.orbit_size(isotropy.cols[j]).is_one
    if i == j:
        return (Fraction(1), None) if one else (Fraction(0), Fraction(1))
    return Fraction(0), None


def _padded(isotropy: Isotropy) -> list[int]:
    """The column orbits that the padded identity has teachers for."""
    moved = {orbit.block for orbit in isotropy.rows if not orbit.is_fixed}
    fixed_rows = sum(orbit.is_fixed for orbit in isotropy.rows)
    found = []
    for j, orbit in enumerate(isotropy.cols):
        if orbit.is_fixed:
            fixed_rows -= 1
        if orbit.block in moved or (orbit.is_fixed and fixed_rows >= 0):
            found.append(j)
    return found


def _betas(beta: tuple[Fraction, ...], count: int) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, spread(beta, count, "values of beta (one for each orbit of teacher rows)")))
