"""What can be chosen on the page: an isotropy type, a limit, a branch; and the words and commands that name the choice.

Everything a user types goes through the parsers of the command line; nothing is evaluated.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from symrelu.catalogue import NAMED, FamilyKey, check_searched, choose
from symrelu.errors import BadInput
from symrelu.inhabitants import named_inhabitants
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.lattice import Lattice, young_lattice

FIRST_ORDER, MAX_ORDER = 4, 12  # of the slider: more terms belong on the command line
LARGEST_SHOWN = 60  # columns of a matrix that is drawn entry by entry
LARGEST_PART, MOST_PART = 4, 6  # columns outside the growing block in the diagram: at first, and at most
MOST_SIGNS = 5  # blocks whose signs are offered as a list
LONGEST = 200  # characters of a field
FIELDS = ("blocks", "rows", "cols", "limit")


@dataclass(frozen=True)
class Choice:
    """A family as it was chosen: the words of the command line.

    blocks: sizes affine in d. limit: signs or coordinates. rows, cols: orbits, if they are not one a block. branch: of
    several families over one limit.
    """

    blocks: str
    limit: str
    rows: str | None = None
    cols: str | None = None
    branch: int | None = None

    def key(self) -> FamilyKey:
        """The family that is meant; BadInput, with a line of advice, for words that make no sense."""
        key = choose(None, self.blocks, self.rows, self.cols, self.limit, self.branch)
        check_searched(key.isotropy)
        return key

    @property
    def isotropy(self) -> Isotropy:
        """The isotropy type alone."""
        return Isotropy.parse(self.blocks, self.rows, self.cols)

    @property
    def name(self) -> str | None:
        """The name in Theorem 1, if it has one."""
        return self.key().name

    def words(self) -> dict[str, str | int]:
        """What :func:`symrelu.family` is called with."""
        given = {"blocks": self.blocks, "rows": self.rows, "cols": self.cols, "limit": self.limit}
        words: dict[str, str | int] = {name: value for name, value in given.items() if value is not None}
        return words if self.branch is None else words | {"branch": self.branch}

    def command(self, what: str, *options: str) -> str:
        """The command that says the same, to be pasted into a shell: "symrelu series 3a --order 4"."""
        if self.name is not None and self.branch is None:
            words = [self.name]
        else:
            words = [part for name, value in self.words().items() for part in (f"--{name}", str(value))]
        return shlex.join(["symrelu", what, *words, *options])

    def query(self) -> dict[str, str]:
        """The choice as parameters of the page's address."""
        return {name: str(value) for name, value in self.words().items()}


FIRST = Choice(NAMED[2].blocks, NAMED[2].limit)


def read_choice(words: Mapping[str, object]) -> Choice:
    """A choice from what a user typed, or from an address; empty fields count as left out, and minus signs as the page
    shows them are read.

    Raises BadInput, with one line of advice, for what cannot be read.
    """
    given: dict[str, str | None] = {}
    for name in FIELDS:
        text = str(words.get(name) or "").strip().replace("\u2212", "-")
        if len(text) > LONGEST:
            raise BadInput(f"{name} has {len(text)} characters; at most {LONGEST} are read: try d-4,4")
        given[name] = text or None
    branch = str(words.get("branch") or "").strip()
    if branch and not (branch.isascii() and branch.isdigit() and len(branch) <= 4):
        raise BadInput(f"branch {branch[:40]!r} was given; branches are numbered from 1")
    blocks = given["blocks"]
    if blocks is None:
        raise BadInput("no block sizes were given; at least one is needed: try d-1,1")
    limit = given["limit"] or default_limit(Isotropy.parse(blocks, given["rows"], given["cols"]))
    choice = Choice(blocks, limit, given["rows"], given["cols"], int(branch) if branch else None)
    choice.key()
    return choice


def default_limit(isotropy: Isotropy) -> str:
    """The limit that a type is opened with: the last block turned, as in 2a, 3a and 4; V itself for one block.

    Raises BadInput where the type has no diagonal, so that a limit must be given by coordinates.
    """
    if not isotropy.is_diagonal:
        raise BadInput(
            f"{isotropy.label()} has not one row orbit and one column orbit a block; give its limit coordinate by "
            "coordinate, such as a_1=1,a_5=-1"
        )
    count = len(isotropy.blocks)
    return "+" if count == 1 else ",".join("+" * (count - 1) + "-")


def named_choices() -> dict[str, Choice]:
    """The cases of Theorem 1 by name."""
    return {entry.name: Choice(entry.blocks, entry.limit) for entry in NAMED}


def lattice(choice: Choice) -> Lattice:
    """The types Delta(S_{d-m} x S_lambda) with the named families, as far out as the chosen type needs."""
    outside = [int(size.const) for size in choice.isotropy.blocks if size.is_constant]
    largest = max(LARGEST_PART, sum(outside))
    return young_lattice(largest if largest <= MOST_PART else LARGEST_PART, families=named_inhabitants())


def blocks_text(isotropy: Isotropy) -> str:
    """The blocks as the command line takes them: d-2,2."""
    return ",".join(str(size).replace(" ", "") for size in isotropy.blocks)


def group_text(isotropy: Isotropy) -> str:
    """The group in a line of plain text: Δ(S(d−2) × S(2)), with what it permutes where the name does not tell."""
    text = re.sub(r"S_(?:\{([^{}]*)\}|(\w+))", lambda m: f"S({m[1] or m[2]})", isotropy.label())
    return text.replace("Delta ", "Δ").replace("Delta", "Δ").replace(" x ", " × ").replace("-", "\u2212")


def type_options(found: Lattice) -> dict[str, str]:
    """The types of a lattice for a menu, larger groups first: label -> blocks."""
    options = {}
    for one in reversed(found.types):
        assert one.isotropy is not None
        names = f"   ({', '.join(one.families)})" if one.families else ""
        options[group_text(one.isotropy) + names] = blocks_text(one.isotropy)
    return options


def limit_options(isotropy: Isotropy) -> dict[str, str]:
    """The signs of the diagonal for a menu: label -> limit; empty for types without diagonal or with many blocks."""
    count = len(isotropy.blocks)
    if not isotropy.is_diagonal or count > MOST_SIGNS:
        return {}
    blocks = blocks_text(isotropy)
    options = {}
    for signs in product("+-", repeat=count):
        limit = ",".join(signs)
        name = Choice(blocks, limit).name
        label = limit.replace("-", "\u2212").replace(",", ", ")
        options[f"{label}   ({name})" if name else label] = limit
    return options


def neighbours(found: Lattice, isotropy: Isotropy) -> tuple[list[Isotropy], list[Isotropy]]:
    """The types that cover the given one, and those that it covers; both empty if it is not in the lattice."""
    place = next((one.id for one in found.types if one.isotropy == isotropy), None)
    larger = [found.types[j].isotropy for i, j in found.inclusions if i == place]
    smaller = [found.types[i].isotropy for i, j in found.inclusions if j == place]
    return [x for x in larger if x is not None], [x for x in smaller if x is not None]
