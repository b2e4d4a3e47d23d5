"""Naming families of critical points: the cases of Theorem 1 by name, any other by isotropy and limit.

A name stands for an isotropy type and the signs of the diagonal of W at d = infinity; nothing that is computed is
written here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from symrelu.errors import BadInput, UnknownFamily
from symrelu.exact.constants import BallField
from symrelu.exact.parse import parse_fraction
from symrelu.exact.series import Series
from symrelu.model.setting import PAPER, Setting
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy


@dataclass(frozen=True)
class Named:
    """A named family: the case of Theorem 1, its blocks, the limit's diagonal signs, and its name in the
    predecessor paper if it has one. ``alias``: that name.
    """

    name: str
    blocks: str
    limit: str
    alias: str | None = None


NAMED = (
    Named("1a", "d", "+"),
    Named("1b", "d", "-", "A"),
    Named("2a", "d-1,1", "+,-", "II"),
    Named("2b", "d-1,1", "-,+", "I"),
    Named("3a", "d-2,2", "+,-"),
    Named("3b", "d-2,2", "-,+"),
    Named("4", "d-3,3", "+,-"),
)


@dataclass(frozen=True)
class FamilyKey:
    """What singles out a family: the group in whose fixed space it is sought, the entries' limits a_1, a_2, ... at
    d = infinity (None: any), what is fitted to what, and which branch of several families it is (None: the only one).
    ``limit``: those limits, exact.
    """

    isotropy: Isotropy
    limit: tuple[Fraction, ...] | None
    name: str | None = None
    setting: Setting = PAPER
    branch: int | None = None

    def label(self) -> str:
        """The family in a few words."""
        parts = [self.isotropy.label()]
        if self.limit is not None:
            parts.append(f"limit {self.limit_text()}")
        if self.branch is not None:
            parts.append(f"branch {self.branch}")
        if self.setting != PAPER:
            parts.append(self.setting.label())
        return f"{self.name}: {', '.join(parts)}" if self.name else ", ".join(parts)

    def limit_text(self) -> str:
        """The limit as the command line takes it: signs where it is the diagonal of V up to signs, coordinates
        otherwise; "any" where none was given.
        """
        if self.limit is None:
            return "any"
        signs = diagonal_signs(self.isotropy, self.limit, self.setting)
        if signs is not None:
            return ",".join("+" if s > 0 else "-" for s in signs)
        return ",".join(f"a_{i + 1}={value}" for i, value in enumerate(self.limit) if value) or "0"


def limit_words(limit: Sequence[Fraction | None], entries: Sequence[Series]) -> str:
    """A limit with constants that are no rational numbers (None), which the ``entries`` begin with: those without exact
    form with "~".
    """
    parts = []
    for number, (x, entry) in enumerate(zip(limit, entries, strict=False), 1):
        if x is None:
            field = entry.field
            known = f"~{field.text(entry[0], 6)}" if isinstance(field, BallField) else f"={field.text(entry[0])}"
            parts.append(f"a_{number}{known}")
        elif x:
            parts.append(f"a_{number}={x}")
    return ",".join(parts)


def named(name: str) -> FamilyKey:
    """The family of that name (or of that alias); UnknownFamily otherwise."""
    for entry in NAMED:
        if name in (entry.name, entry.alias):
            isotropy = Isotropy.parse(entry.blocks)
            return FamilyKey(isotropy, read_limit(isotropy, entry.limit), entry.name)
    aliases = ", ".join(f"{n.alias} = {n.name}" for n in NAMED if n.alias)
    raise UnknownFamily(
        f"there is no family named {name!r}; the named ones are {', '.join(n.name for n in NAMED)} ({aliases} "
        "of the predecessor paper); "
        "any other is written --blocks d-4,4 --limit +,-"
    )


def name_of(isotropy: Isotropy, limit: Sequence[Fraction]) -> str | None:
    """The name of the family with this isotropy and limit, if it has one.

    A limit that the normaliser of the group carries onto the named one stands for the same critical points up to the
    order of rows and columns, since one family lies over a limit: 3a, the columns of its block 2 exchanged, is 3a.
    """
    for entry in NAMED:
        key = named(entry.name)
        if key.isotropy == isotropy and key.limit in FixedSpace(isotropy).normaliser_images(limit):
            return entry.name
    return None


def choose(
    name: str | None = None,
    blocks: str | None = None,
    rows: str | None = None,
    cols: str | None = None,
    limit: str | None = None,
    branch: int | None = None,
    setting: Setting = PAPER,
) -> FamilyKey:
    """The family that a user's words mean: a name, or blocks (rows, cols), with a limit and a branch if need be.

    A name may also be written ``blocks:limit``, such as ``d-6,6:+,-``. Without a limit a branch counts all families
    of the type. Raises BadInput when words are missing, too many, or do not fit together.
    """
    if branch is not None and (isinstance(branch, bool) or branch < 1):
        raise BadInput(f"branch {branch} was given; branches are numbered from 1")
    name, blocks, limit = _split_name(name, blocks, rows, cols, limit)
    if name:
        if setting != PAPER:
            key = named(name)
            return FamilyKey(key.isotropy, key.limit, None, setting, branch)
        if branch not in (None, 1):
            raise BadInput(f"branch {branch} of {name} was asked for, but there is one family of that name")
        return named(name)
    if not blocks:
        raise BadInput(
            f"no family was given; give a name ({', '.join(n.name for n in NAMED)}) or --blocks d-4,4 --limit +,-"
        )
    isotropy = Isotropy.parse(blocks, rows, cols)
    if limit is None:
        return FamilyKey(isotropy, None, None, setting, branch)
    values = read_limit(isotropy, limit, setting)
    return FamilyKey(isotropy, values, name_of(isotropy, values) if setting == PAPER else None, setting, branch)


def choose_type(
    name: str | None = None,
    blocks: str | None = None,
    rows: str | None = None,
    cols: str | None = None,
    limit: str | None = None,
) -> Isotropy:
    """The isotropy type that a user's words mean where no limit is needed; one that is given must still make sense.

    Raises BadInput where they mean none. ``blocks``: sizes such as "d-4,4".
    """
    name, blocks, limit = _split_name(name, blocks, rows, cols, limit)
    if name:
        return named(name).isotropy
    if not blocks:
        raise BadInput("no isotropy type was given; give a name such as 2a, or --blocks d-4,4")
    isotropy = Isotropy.parse(blocks, rows, cols)
    if limit is not None:
        read_limit(isotropy, limit)
    return isotropy


def _split_name(
    name: str | None, blocks: str | None, rows: str | None, cols: str | None, limit: str | None
) -> tuple[str | None, str | None, str | None]:
    """Name, blocks and limit, ``blocks:limit`` taken apart; BadInput for a name together with a type."""
    if name and ":" in name and not blocks:
        if limit or rows or cols:
            raise BadInput(f"{name!r} and options were given; give either blocks:limit alone, or --blocks with --limit")
        blocks, limit = name.split(":", 1)
        name = None
    if name and (blocks or rows or cols or limit):
        raise BadInput(
            f"both the name {name!r} and a type were given; give either a name such as 2a, or --blocks with --limit"
        )
    return name, blocks, limit


def check_searched(isotropy: Isotropy) -> None:
    """Refuse types that have no families d -> infinity, or too large a block; BadInput says which."""
    if all(block.is_constant for block in isotropy.blocks):
        raise BadInput(f"no block of {isotropy.label()} grows with d: families d -> infinity need one, such as d-4,4")
    for block in isotropy.blocks:
        if block.is_constant and block.const > LARGEST_BLOCK:
            raise BadInput(f"a small block of {block} rows was given; at most {LARGEST_BLOCK} are handled; try d-4,4")


LARGEST_BLOCK = 500  # the constant rows are written out when the actual isotropy is computed
LARGEST_LIMIT = 10**6  # in size, of a coordinate


def read_limit(isotropy: Isotropy, text: str, setting: Setting = PAPER) -> tuple[Fraction, ...]:
    """The limits of a_1, a_2, ... from ``+,-`` (the diagonal of V with these signs, block by block) or
    ``a_1=1,a_5=-1`` (those not named are 0; ``0``: all are).

    Where the activation is positively homogeneous, a teacher of beta_j v_j counts as the row |beta_j| v_j. Raises
    BadInput for what is neither, and for limits that the type does not have.
    """
    space = FixedSpace(isotropy)
    values = [Fraction(0)] * space.dim
    parts = [part.strip() for part in text.split(",")]
    signs = [part for part in parts if part in ("+", "-", "+1", "-1", "1")]
    if signs:
        if len(signs) != len(parts):
            bad = next(part for part in parts if part not in signs)
            raise BadInput(f"cannot read {bad!r} in the limit {text!r}; give one sign a block, such as +,-")
        if not has_diagonal(isotropy):
            raise BadInput(
                f"the limit {text!r} gives the sign of a diagonal, but {isotropy.label()} has not one row orbit and "
                "one column orbit a block; give it coordinate by coordinate, such as a_1=1,a_5=-1"
            )
        if len(parts) != len(isotropy.blocks):
            raise BadInput(
                f"the limit {text!r} has {len(parts)} sign{'s' * (len(parts) != 1)}, but {isotropy.label()} has "
                f"{len(isotropy.blocks)} "
                f"block{'s' * (len(isotropy.blocks) != 1)}; give one sign a block, such as "
                f"{','.join('+-'[i % 2] for i in range(len(isotropy.blocks)))}"
            )
        for block, (part, size) in enumerate(zip(parts, diagonal(isotropy, setting), strict=True)):
            values[_diagonal_position(space, block)] = -size if part.startswith("-") else size
        return tuple(values)
    if parts == ["0"]:
        return tuple(values)
    given: set[int] = set()
    for part in parts:
        match = re.fullmatch(r"a_?(\d{1,4})\s*=\s*(\S.*)", part)
        if not match:
            raise BadInput(
                f"cannot read {part!r} in the limit {text!r}; give signs such as +,- or coordinates such as "
                "a_1=1,a_5=-1"
            )
        index = int(match[1])
        if not 1 <= index <= space.dim:
            raise BadInput(
                f"the limit names a_{index}, but the fixed space of {isotropy.label()} has the coordinates a_1 "
                f".. a_{space.dim}"
            )
        if index in given:
            raise BadInput(f"the limit {text!r} names a_{index} twice; give each coordinate once")
        given.add(index)
        values[index - 1] = parse_fraction(match[2], f"the limit of a_{index}")
        if abs(values[index - 1]) > LARGEST_LIMIT:
            raise BadInput(f"the limit of a_{index} is larger than {LARGEST_LIMIT} in size; limits are near -1, 0 or 1")
    return tuple(values)


def diagonal_signs(isotropy: Isotropy, limit: Sequence[Fraction], setting: Setting = PAPER) -> list[int] | None:
    """The signs of the blocks if the limit is the diagonal of V up to signs and 0 elsewhere, else None."""
    if not has_diagonal(isotropy):
        return None
    space = FixedSpace(isotropy)
    places = [_diagonal_position(space, block) for block in range(len(isotropy.blocks))]
    sizes = diagonal(isotropy, setting)
    if any(abs(limit[i]) != size for i, size in zip(places, sizes, strict=True)):
        return None
    if any(value for i, value in enumerate(limit) if i not in places):
        return None
    return [1 if limit[i] > 0 else -1 for i in places]


def diagonal(isotropy: Isotropy, setting: Setting = PAPER) -> list[Fraction]:
    """For each block the size of the limit that its sign stands for: of the teacher row's own entry, times beta where
    that is the same to the activation; 1 where no one teacher row belongs to the block's column.
    """
    sizes = [Fraction(1)] * len(isotropy.blocks)
    if setting == PAPER:
        return sizes
    teacher = setting.target.teacher(isotropy, setting.beta)
    for block in range(len(sizes)):
        column = [o.block for o in isotropy.cols].index(block)
        own = []
        for orbit, cells, beta in zip(teacher.orbits, teacher.cells, teacher.beta, strict=True):
            c, delta = cells[column]
            value = c + (delta or 0)
            if value and (orbit.block == block or isotropy.blocks[block].is_one):
                own.append(abs(value * beta) if setting.kernel.homogeneous else abs(value))
        if len(own) == 1:
            sizes[block] = own[0]
    return sizes


def has_diagonal(isotropy: Isotropy) -> bool:
    """Whether each block moves one orbit of rows and one of columns, so that W has a diagonal for each."""
    blocks = range(len(isotropy.blocks))
    return all([o.block for o in side].count(b) == 1 for side in (isotropy.rows, isotropy.cols) for b in blocks)


def diagonal_places(isotropy: Isotropy) -> list[int]:
    """The places (from 0) of the coordinates on the diagonals of the blocks; none where W has no diagonal."""
    if not has_diagonal(isotropy):
        return []
    space = FixedSpace(isotropy)
    return [_diagonal_position(space, block) for block in range(len(isotropy.blocks))]


def _diagonal_position(space: FixedSpace, block: int) -> int:
    row, col = ([o.block for o in side].index(block) for side in (space.isotropy.rows, space.isotropy.cols))
    kind = "all" if space.isotropy.blocks[block].is_one else "own"
    return space.position(row, col, kind)  # type: ignore[arg-type]
