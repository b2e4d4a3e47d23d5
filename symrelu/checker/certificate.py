"""A certificate as data: read from plain JSON values, with everything bounded and nothing believed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.checker.field import Surd
from symrelu.checker.numbers import Unreadable, dyadic, exact, rational
from symrelu.checker.young import Young

MOST_PIECES = 500
LARGEST_ORDER = 40
LONGEST_SERIES = 60
LONGEST_POLYNOMIAL = 40
VERSION = 1

# type and limit of the families of Theorem 1
NAMED: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "1a": (("d",), (1,)),
    "1b": (("d",), (-1,)),
    "2a": (("d - 1", "1"), (1, -1)),
    "2b": (("d - 1", "1"), (-1, 1)),
    "3a": (("d - 2", "2"), (1, -1)),
    "3b": (("d - 2", "2"), (-1, 1)),
    "4": (("d - 3", "3"), (1, -1)),
}


@dataclass(frozen=True)
class Tail:
    """The piece (0, t_end]: a = polynomial + t**order * delta, delta_i within rad_i of mid_i."""

    t_end: Fraction
    order: int
    polynomial: list[list[Surd]]
    series: list[list[Surd]]
    mid: list[Fraction]
    rad: list[Fraction]


@dataclass(frozen=True)
class Middle:
    """A piece [t_from, t_to]: a_i within box_i of a polynomial in t - center."""

    t_from: Fraction
    t_to: Fraction
    center: Fraction
    polynomial: list[list[Fraction]]
    box: list[Fraction]


@dataclass(frozen=True)
class Point:
    """A box at one d."""

    d: Fraction
    mid: list[Fraction]
    rad: list[Fraction]


@dataclass(frozen=True)
class Certificate:
    """A certificate that could be read; ``signs`` are the limits of the blocks' diagonals."""

    young: Young
    name: str | None
    signs: list[int]
    from_d: Fraction | None
    d: Fraction | None
    verdict: str
    components: dict[str, tuple[int, int]]
    tail: Tail
    middle: list[Middle]
    point: Point | None

    @property
    def least(self) -> Fraction:
        """The smallest d of the claim."""
        value = self.d if self.from_d is None else self.from_d
        return Fraction(0) if value is None else value


def read(data: Any) -> Certificate:
    """Read plain JSON values; Unreadable, with the reason in a line, if they are not a certificate."""
    top = _object(data, "the certificate")
    if top.get("format") != "symrelu-certificate" or type(top.get("version")) is not int or top["version"] != VERSION:
        raise Unreadable(f"this is not a certificate of format 'symrelu-certificate', version {VERSION}")
    if top.get("kernel") != "relu" or top.get("target") != "I":
        raise Unreadable("only the kernel 'relu' with the target 'I' is read")
    family = _object(top.get("family"), "family")
    young = Young.read(family.get("blocks"))
    for key in ("rows", "cols"):
        orbits = family.get(key)
        if orbits is not None and orbits != list(range(1, len(young.sizes) + 1)):
            raise Unreadable(f"family.{key}: only one orbit of rows and of columns for each block is read")
    name = family.get("name")
    if name is not None and not isinstance(name, str):
        raise Unreadable("family.name is not a name")
    signs = _limit(young, family.get("limit"))
    if not isinstance(top.get("statement", ""), str):
        raise Unreadable("statement is not text")
    claim = _object(top.get("claim"), "claim")
    verdict = claim.get("verdict")
    if verdict not in ("minimum", "saddle"):
        raise Unreadable("claim.verdict is neither 'minimum' nor 'saddle'")
    from_d, d = (None if claim.get(k) is None else rational(claim[k], f"claim.{k}") for k in ("from_d", "d"))
    if (from_d is None) == (d is None):
        raise Unreadable("exactly one of claim.from_d and claim.d is given")
    middle = top.get("middle", [])
    if not isinstance(middle, list) or len(middle) > MOST_PIECES:
        raise Unreadable(f"middle is not a list of at most {MOST_PIECES} pieces")
    point = None if top.get("point") is None else _point(young, _object(top["point"], "point"))
    if (point is None) != (d is None):
        raise Unreadable("a point is given exactly for a claim at one d")
    tail = _tail(young, _object(top.get("tail"), "tail"))
    pieces = [_middle(young, _object(piece, "a middle piece"), f"middle[{k}]") for k, piece in enumerate(middle)]
    components = _components(claim.get("components"))
    return Certificate(young, name, signs, from_d, d, verdict, components, tail, pieces, point)


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(f"{what} is not a JSON object")
    return value


def _each(young: Young, value: Any, what: str) -> list[Any]:
    """The values of a_1, a_2, ... in their order."""
    entries = _object(value, what)
    if set(entries) != set(young.names):
        raise Unreadable(f"{what} does not give exactly {', '.join(young.names)}")
    return [entries[name] for name in young.names]


def _list(value: Any, what: str, longest: int) -> list[Any]:
    if not isinstance(value, list) or not 1 <= len(value) <= longest:
        raise Unreadable(f"{what} is not a list of 1 to {longest} numbers")
    return value


def _limit(young: Young, value: Any) -> list[int]:
    signs = []
    for (kind, _, _), entry in zip(young.coordinates, _each(young, value, "family.limit"), strict=True):
        number = exact(entry, "family.limit")
        if kind == "own" and number in (Surd.of(1), Surd.of(-1)):
            signs.append(1 if number == Surd.of(1) else -1)
        elif kind == "own" or number:
            raise Unreadable("family.limit: only limits with +1 or -1 on the diagonal and 0 elsewhere are read")
    return signs


def _components(value: Any) -> dict[str, tuple[int, int]]:
    if not isinstance(value, list) or len(value) > 100:
        raise Unreadable("claim.components is not a list")
    out: dict[str, tuple[int, int]] = {}
    for entry in value:
        item = _object(entry, "a component")
        name, size, negative = item.get("component"), item.get("size"), item.get("negative")
        if not isinstance(name, str) or name in out:
            raise Unreadable("a component has no name, or a name twice")
        if type(size) is not int or type(negative) is not int:
            raise Unreadable(f"component {name[:20]!r}: size and negative are not integers")
        out[name] = (size, negative)
    return out


def _positive(value: Any, what: str) -> Fraction:
    number = rational(value, what)
    if number <= 0:
        raise Unreadable(f"{what} is not positive")
    return number


def _radius(value: Any, what: str) -> Fraction:
    number = dyadic(value, what)
    if number < 0:
        raise Unreadable(f"{what} is negative")
    return number


def _boxes(young: Young, value: Any, what: str) -> tuple[list[Fraction], list[Fraction]]:
    boxes = [_object(entry, what) for entry in _each(young, value, what)]
    return [dyadic(b.get("mid"), f"{what}.mid") for b in boxes], [_radius(b.get("rad"), f"{what}.rad") for b in boxes]


def _tail(young: Young, value: dict[str, Any]) -> Tail:
    order = value.get("order")
    if type(order) is not int or not 1 <= order <= LARGEST_ORDER:
        raise Unreadable(f"tail.order is not an integer from 1 to {LARGEST_ORDER}")

    def coefficients(key: str, longest: int) -> list[list[Surd]]:
        rows = [_list(row, f"tail.{key}", longest) for row in _each(young, value.get(key), f"tail.{key}")]
        return [[exact(c, f"tail.{key}") for c in row] for row in rows]

    polynomial = coefficients("polynomial", order)
    series = polynomial if value.get("series") is None else coefficients("series", LONGEST_SERIES)
    mid, rad = _boxes(young, value.get("box"), "tail.box")
    return Tail(_positive(value.get("t_end"), "tail.t_end"), order, polynomial, series, mid, rad)


def _middle(young: Young, value: dict[str, Any], what: str) -> Middle:
    rows = [_list(row, f"{what}.polynomial", LONGEST_POLYNOMIAL)
            for row in _each(young, value.get("polynomial"), f"{what}.polynomial")]  # fmt: skip
    return Middle(
        _positive(value.get("t_from"), f"{what}.t_from"),
        _positive(value.get("t_to"), f"{what}.t_to"),
        _positive(value.get("center"), f"{what}.center"),
        [[dyadic(c, f"{what}.polynomial") for c in row] for row in rows],
        [_radius(b, f"{what}.box") for b in _each(young, value.get("box"), f"{what}.box")],
    )


def _point(young: Young, value: dict[str, Any]) -> Point:
    mid = [dyadic(x, "point.mid") for x in _each(young, value.get("mid"), "point.mid")]
    rad = [_radius(x, "point.rad") for x in _each(young, value.get("rad"), "point.rad")]
    return Point(_positive(value.get("d"), "point.d"), mid, rad)
