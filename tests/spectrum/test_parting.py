"""Where several spectra part: groups, powers and multiplicities against the spectra one by one."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations

import pytest
import sympy

from symrelu.comparison import compare
from symrelu.errors import BadInput
from symrelu.exact.parse import parse
from symrelu.spectrum.parting import Parting, part_spectra
from symrelu.spectrum.result import FIRST_POWER

slow = pytest.mark.slow
ALL = ("1a", "1b", "2a", "2b", "3a", "3b", "4")
SMALL_BLOCK = {"1a": 0, "1b": 0, "2a": 1, "2b": 1, "3a": 2, "3b": 2, "4": 3}
SETS = [("1a", "1b"), ("1a", "1b", "2a"), pytest.param(ALL, marks=slow)]


@pytest.fixture(scope="module")
def parted(known: Callable) -> Callable[..., Parting]:
    """A function from names and an order to the table."""
    return lambda names, order: part_spectra([known(name) for name in names], order)


def at(text: str, d: int) -> Fraction:
    """A multiplicity at one d."""
    return parse(text, {"d": Fraction(d)}, Fraction)


@pytest.mark.parametrize("names", SETS, ids=" ".join)
def test_every_eigenvalue_is_in_one_group(names: tuple[str, ...], parted: Callable, spectrum: Callable) -> None:
    """Each family's branches, each once, with their own terms below the power and at it."""
    found = parted(names, 2)
    for i, name in enumerate(names):
        branches = {f"{e.component.name}.{e.branch}": e for e in spectrum(name, 2).eigenvalues}
        for group in found.groups:
            if group.power is None:
                continue
            for part in group.parts[i]:
                for branch in part.branches:
                    e = branches.pop(branch)
                    assert e.series.known(FIRST_POWER, group.power) == group.shared.known(FIRST_POWER, group.power)
                    assert e.series[group.power] == part.term[group.power]
        rest = [group for group in found.groups if group.power is None]
        left = Counter()  # what is in no part is in the groups that nothing parts
        for e in branches.values():
            left[tuple(e.series.known(FIRST_POWER, 3))] += e.multiplicity.formal(20)
        assert left == {tuple(g.shared.known(FIRST_POWER, 3)): g.multiplicity.subs("d", 20) for g in rest}


@pytest.mark.parametrize("names", SETS, ids=" ".join)
def test_multiplicities_of_a_group_and_of_all(names: tuple[str, ...], parted: Callable) -> None:
    d = sympy.Symbol("d")
    found = parted(names, 2)
    for group in found.groups:
        for parts in group.parts:
            assert sympy.expand(sum(part.multiplicity for part in parts) - group.multiplicity) == 0
        # they do part: not all families have the same parts
        kinds = [{(part.text, sympy.expand(part.multiplicity)) for part in parts} for parts in group.parts]
        assert group.power is None or any(kind != kinds[0] for kind in kinds)
    assert sympy.expand(sum(group.multiplicity for group in found.groups) - d * (d + 1)) == 0


def test_what_is_shared_is_the_table_of_theorem_2(parted: Callable) -> None:
    """No group parts before d**(-1/2)."""
    found = parted(("1a", "1b", "2a"), 2)
    assert [str(group.shared) for group in found.groups] == [
        "0",
        "1/4 - 1/(2*pi)",
        "1/2 - 1/pi",
        "1/4",
        "1/4 + 1/(2*pi)",
        "1/4*t**(-2) + (pi**2 + pi - 4)/(2*pi*(pi - 4))",
        "1/4*t**(-2) + 1/2",
        "1/pi*t**(-2) + (pi**2 - 10*pi + 8)/(2*pi*(pi - 4))",
    ]
    assert [group.power for group in found.groups] == [None, 1, 2, 1, 1, 1, 1, 2]


@slow
def test_at_the_next_order_each_row_adds_a_number_of_its_own(parted: Callable) -> None:
    """manual/findings/spectra.md: where eigenvalues belong to pairs of rows, they get the sum of the rows' numbers.

    Bulk rows have 0 (a, 4) or -1/2 pi (b), those of the block of size m in addition -+1/pi**2; 1/4 gets four times the
    number of one row.
    """
    found, pi, d = parted(ALL, 2), sympy.pi, 20
    groups = {str(group.shared): group for group in found.groups}
    for i, name in enumerate(ALL):
        m, b = SMALL_BLOCK[name], name.endswith("b")
        bulk = -1 / (2 * pi) if b else sympy.Integer(0)
        small = sympy.expand(bulk + (1 if b else -1) / pi**2)
        rows = Counter({bulk: d - m - 1, small: m})  # one bulk row less: the sum of all is in another component
        pairs = Counter(sympy.expand(x + y) for x, y in combinations([bulk] * (d - m) + [small] * m, 2))
        pairs.subtract(sympy.expand(bulk + x) for x in rows.elements())
        expected = {
            "1/4 - 1/(2*pi)": +pairs,
            "1/4 + 1/(2*pi)": +(pairs - Counter({sympy.expand(2 * bulk): 1})),
            "1/4": +Counter({sympy.expand(4 * x): n for x, n in rows.items()}),
            "1/4*t**(-2) + 1/2": Counter({2 * bulk: d - 1}),
        }
        for shared, numbers in expected.items():
            parts = groups[shared].parts[i]
            assert numbers == {parse(p.text, {"pi": pi}, sympy.Rational): p.multiplicity.subs("d", d) for p in parts}


# forms ----------------------------------------------------------------------------------------------------------------


def test_text_latex_and_json(parted: Callable) -> None:
    found = parted(("1a", "1b", "2a"), 1)
    text, latex, data = str(found), found.latex(), found.to_json()
    assert "1/4 - 1/(2*pi)   multiplicity (d - 2)*(d - 1)/2: part at t**1\n  1a  0         (d - 2)*(d - 1)/2" in text
    assert "0   multiplicity d: equal through t**1" in text
    assert all(line == line.rstrip() for line in text.splitlines())
    assert latex.startswith(r"\begin{array}{llll}") and sympy.latex(found) == latex
    assert {line.count("&") for line in latex.splitlines()[1:-1]} == {3} and latex.count("{") == latex.count("}")
    assert (data["families"], data["order"], data["first_power"]) == (["1a", "1b", "2a"], 1, FIRST_POWER)
    for group, row in zip(found.groups, data["spectrum_parting"], strict=True):
        assert len(row["shared"]) == (2 if group.power is None else group.power) - FIRST_POWER
        assert row["power"] == group.power and len(row["parts"]) == (0 if group.power is None else 3)
        for parts in row["parts"]:
            assert sum(at(p["multiplicity"], 20) for p in parts) == at(row["multiplicity"], 20)


def test_a_family_does_not_part_from_itself(parted: Callable) -> None:
    found = parted(("1b", "1b", "1b"), 2)
    assert all(group.power is None for group in found.groups)
    assert str(found).count("equal through t**2") == 8


def test_two_families_as_the_comparison_of_two_has_them(parted: Callable, known: Callable) -> None:
    """The eigenvalues that both have through t**2 are the groups that nothing parts."""
    both = compare(known("1a"), known("1b"), 2).spectrum_difference()
    equal = {value for value, first, second in both if first and first == second}
    groups = parted(("1a", "1b"), 2).groups
    assert equal == {str(group.shared) for group in groups if group.power is None}


def test_one_family_is_refused(known: Callable) -> None:
    with pytest.raises(BadInput) as error:
        part_spectra([known("1a")], 2)
    assert "two or more" in str(error.value) and "\n" not in str(error.value)
