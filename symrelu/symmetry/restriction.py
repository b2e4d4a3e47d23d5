r"""How the irreducibles of a Young-type group restrict to a smaller one, whose blocks are parts of its blocks.

A block n = m_1 + ... + m_p has R^n = sum_j (t + s_j), so s restricts to (p - 1) t + sum_j s_j. The exterior square x
and y = s (x) s - t - s - x follow from s_j (x) s_j = t + s_j + x_j + y_j, and s_i (x) s_j is a product. Parts of 1, 2
or 3 indices lack some irreducibles: there s, x, y are formal, and are replaced by what they are.

>>> from symrelu.symmetry.restriction import restrict
>>> restrict("x", [[3, 2]])
{'s1': 1, 's2': 1, 'x1': 1, 's1*s2': 1}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import comb

from symrelu.symmetry.isotypic import Kind

Part = tuple[str, ...]
"""An irreducible of the smaller group: the names of its factors other than t."""


def restrict(kind: Kind, parts: Sequence[Sequence[int]]) -> dict[str, int]:
    """The irreducibles of the smaller group in one of the larger, each with how often it occurs (only those that do).

    Parameters: ``kind`` of the larger group's irreducible; ``parts``, for each block that it concerns (none for t, two
    for ss) the sizes of its parts, all positive. Parts are numbered from 1 through all the blocks given: "s1", "x2",
    "y1", "s1*s3", and "t" for the trivial one. :func:`dimension` gives the dimension of each.
    """
    sizes = [size for block in parts for size in block]
    found: Counter[Part] = Counter()
    for irreducible, times in _formal(kind, parts):
        for actual, sign in _actual(irreducible, sizes):
            found[actual] += sign * times
    assert all(times >= 0 for times in found.values())
    return {"*".join(name) or "t": times for name, times in found.items() if times}


def dimension(name: str, sizes: Sequence[int]) -> int:
    """The dimension of an irreducible of :func:`restrict`; ``sizes`` of all the parts."""
    result = 1
    for factor in name.split("*") if name != "t" else ():
        n = sizes[int(factor[1:]) - 1]
        result *= {"s": n - 1, "x": (n - 1) * (n - 2) // 2, "y": n * (n - 3) // 2}[factor[0]]
    return result


def split_multiplicities(kind: Kind, parts: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The multiplicities that one eigenvalue splits into when the symmetry shrinks, largest first: each irreducible of
    the smaller group that occurs m times gives m eigenvalues of its dimension (generically distinct). ``parts``: for
    each block of the larger group, the sizes of the blocks that it is cut into.
    """
    sizes = [size for block in parts for size in block]
    found = [dimension(name, sizes) for name, times in restrict(kind, parts).items() for _ in range(times)]
    return tuple(sorted(found, reverse=True))


def _formal(kind: Kind, parts: Sequence[Sequence[int]]) -> Iterator[tuple[Part, int]]:
    """The restriction as a formal sum, as if every part were large."""
    if kind == "t":
        yield (), 1
        return
    counts = [len(block) for block in parts]
    names = [range(1 + sum(counts[:b]), 1 + sum(counts[: b + 1])) for b in range(len(counts))]
    first, p = names[0], counts[0]
    if kind == "ss":
        second, q = names[1], counts[1]
        yield (), (p - 1) * (q - 1)
        yield from (((f"s{i}",), q - 1) for i in first)
        yield from (((f"s{j}",), p - 1) for j in second)
        yield from (((f"s{i}", f"s{j}"), 1) for i in first for j in second)
        return
    pairs = [(f"s{i}", f"s{j}") for i in first for j in first if i < j]
    if kind == "s":
        yield (), p - 1
        yield from (((f"s{i}",), 1) for i in first)
    elif kind == "x":
        yield (), comb(p - 1, 2)
        yield from (((f"s{i}",), p - 1) for i in first)
        yield from (((f"x{i}",), 1) for i in first)
        yield from ((pair, 1) for pair in pairs)
    else:  # y = s s - t - s - x
        yield (), comb(p, 2)
        yield from (((f"s{i}",), p - 1) for i in first)
        yield from (((f"y{i}",), 1) for i in first)
        yield from ((pair, 1) for pair in pairs)


def _actual(irreducible: Part, sizes: Sequence[int]) -> Iterator[tuple[Part, int]]:
    """What a formal irreducible is where parts are small: s, x vanish at 1, x at 2, y at 3; y is -t at 1, -s at 2."""
    for factor in irreducible:
        n = sizes[int(factor[1:]) - 1]
        if (factor[0], n) == ("y", 1):
            yield (), -1
            return
        if (factor[0], n) == ("y", 2):
            yield (f"s{factor[1:]}",), -1
            return
        if n <= {"s": 1, "x": 2, "y": 3}[factor[0]]:
            return
    yield irreducible, 1


def common_parts(blocks: Sequence[Sequence[int]], kept: Sequence[Sequence[int]]) -> list[list[tuple[int, ...]]]:
    """Each block of indices cut into its intersections with the kept sets, indices in none of these alone.

    ``blocks``: the sets of indices.
    """
    result = []
    for block in blocks:
        cells: Mapping[int, list[int]] = {number: [i for i in block if i in set(k)] for number, k in enumerate(kept)}
        alone: list[tuple[int, ...]] = [(i,) for i in block if not any(i in cell for cell in cells.values())]
        result.append([tuple(cell) for cell in cells.values() if cell] + alone)
    return result
