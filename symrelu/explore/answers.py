"""What the page shows, computed: plain data for a question, made by the library and kept in its store.

Numbers are text, as everywhere in symrelu's data. These functions run in worker processes and need no browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from symrelu.catalogue import FamilyKey
from symrelu.errors import BadInput, NoFamily, SeveralFamilies, SymreluError, Undecided
from symrelu.explore.formulas import cells, displays
from symrelu.families import Family, family
from symrelu.store import kept_data
from symrelu.store.series import asked_of

Say = Callable[[str], None]
Part = Callable[[dict[str, Any]], None]
DIGITS = 12
POINTS, FARTHEST, NEAREST = 28, 40.0, 0.05  # of the curves: how many, and between which distances from the smallest d
SMALL = 0.5  # a branch above it at the largest d grows with d: drawn on a scale of its own


@lru_cache(maxsize=8)
def _family(words: tuple[tuple[str, Any], ...]) -> Family:
    return family(**dict(words))


def family_of(question: Mapping[str, Any]) -> Family:
    """The family that a question is about; one object for the questions of a process, so that work is shared."""
    return _family(tuple(sorted(question["family"].items())))


def series_answer(question: Mapping[str, Any], say: Say, part: Part) -> dict[str, Any]:
    """Entries, loss and multiplicity through t**order: their JSON, text and LaTeX, and as displays for all widths.

    question: {"family": words, "order": N}. Raises what :meth:`symrelu.families.Family.series` raises.
    """
    import sympy

    from symrelu.exact import generators

    result = family_of(question).series(question["order"], say)
    formulas = [[name.replace("_", "_{") + "}", sympy.latex(x)] for name, x in result.entries.items()]
    formulas.append([r"\mathcal{L}", sympy.latex(result.loss)])
    return {
        "json": result.to_json(),
        "text": result.text(),
        "latex": result.latex(),
        "displays": displays(formulas),
        "where": generators.latex_lines([result.smallest_field]),
        "isotropy": result.actual.latex(),
        "multiplicity": None if result.multiplicity is None else result.multiplicity.latex(),
        "field": result.smallest_field.name if result.is_exact else "balls",
        "proof": result.proof,
        "notes": result.notes(),
    }


def kind_answer(question: Mapping[str, Any], say: Say, part: Part) -> dict[str, Any]:
    """Whether the family is of minima or saddles for all large d: {"kind": ...}, None where that is not decided."""
    from symrelu.render.listing import kind_or_none

    say("the signs of all eigenvalues for large d")
    one = family_of(question)
    return _kept("kind", one.key, {}, lambda: {"kind": kind_or_none(one)})


def point_answer(question: Mapping[str, Any], say: Say, part: Part) -> dict[str, Any]:
    """The family at one d: entries, loss, eigenvalues, how many are negative; with the matrix where it is drawn.

    question: {"family": words, "d": text, "matrix": whether}. Raises what :meth:`symrelu.families.Family.at` raises.
    """
    one = family_of(question)
    found = one.at(question["d"], DIGITS, progress=say)
    data = found.to_json()
    if question["matrix"]:
        data["matrix"] = [[f"{x:.12g}" for x in row] for row in found.matrix()]
    return data


def curves_answer(question: Mapping[str, Any], say: Say, part: Part) -> dict[str, Any]:
    """Loss and eigenvalues against real d, in ordinary precision, from large d down to the end of the path.

    Each point is handed to ``part`` as it is found: {"d", "loss", "eigenvalues": [[component, branch, value]]}, the
    rescaling zeros left out. Returns {"points": [...], "ends": why the path goes no further}.
    """
    one = family_of(question)

    def compute() -> dict[str, Any]:
        points: list[dict[str, Any]] = []
        ends = ""
        for d in grid(one.key):
            say(f"the path at d = {float(d):.4g}")
            try:
                points.append(_sample(one, d, say))
            except (NoFamily, BadInput, Undecided) as error:
                ends = str(error)
                break
            part(points[-1])
        if not points:
            raise NoFamily(ends)
        return {"points": points, "ends": ends}

    return _kept("curves", one.key, {"points": POINTS}, compute)


def grid(key: FamilyKey) -> Iterator[Fraction]:
    """Values of d from large to just above the smallest at which the type has a meaning, finer towards it."""
    moved = [size for size in key.isotropy.blocks if not size.is_constant]
    smallest = max(Fraction(2), *((2 - size.const) / size.slope for size in moved))
    for i in range(POINTS):
        step = NEAREST * (FARTHEST / NEAREST) ** (1 - i / (POINTS - 1))
        yield smallest + Fraction(round(step * 64), 64)


def _sample(one: Family, d: Fraction, say: Say) -> dict[str, Any]:
    from symrelu.exact.arithmetic import MpmathArithmetic
    from symrelu.paths.eigenvalues import spectrum_at

    path, arithmetic = one.path(say), MpmathArithmetic(2 * DIGITS)
    values = path.point(d, arithmetic)
    loss = path.problem.at(arithmetic, values, arithmetic.rational(d)).loss()
    eigenvalues = spectrum_at(path.problem, arithmetic, values, d, 2, path.numbering())
    return {
        "d": f"{float(d):.9g}",
        "loss": f"{float(loss):.9g}",
        "eigenvalues": [[e.component.name, e.branch, f"{float(e.value):.9g}"] for e in eigenvalues if e.value != 0],
    }


def thresholds_answer(question: Mapping[str, Any], say: Say, part: Part) -> dict[str, Any]:
    """Every d at which an eigenvalue changes sign, found along the path and not proved, as
    :meth:`symrelu.families.Family.thresholds` gives it.
    """
    one = family_of(question)
    return _kept("thresholds", one.key, {}, lambda: one.thresholds(DIGITS, progress=say, prove=False).to_json())


def spectrum_answer(question: Mapping[str, Any], say: Say, part: Part) -> dict[str, Any]:
    """Every eigenvalue as an exact series: {"latex": the table, "rows": [[component, eigenvalue for each width,
    multiplicity]], "where": what roots of polynomials stand in it, "proof": what proves it}.

    question: {"family": words, "order": N}.
    """
    from symrelu.exact import generators

    one, order = family_of(question), question["order"]

    def compute() -> dict[str, Any]:
        result = one.spectrum(order, 2, say)
        rows = [[name, cells(value), multiplicity] for name, value, multiplicity in result.latex_rows()]
        where = generators.latex_lines([e.series.field for e in result.eigenvalues])
        return {"latex": result.latex(), "rows": rows, "where": where, "proof": result.proof}

    return _kept("spectrum table", one.key, {"order": order}, compute)


def _kept(kind: str, key: FamilyKey, asked: Mapping[str, Any], make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    return kept_data(f"explore {kind}", {**asked_of(key), **asked}, make)


ANSWERS: dict[str, Callable[[Mapping[str, Any], Say, Part], dict[str, Any]]] = {
    "series": series_answer,
    "kind": kind_answer,
    "point": point_answer,
    "curves": curves_answer,
    "thresholds": thresholds_answer,
    "spectrum": spectrum_answer,
}
"""What can be asked, by kind."""


def answer(kind: str, question: Mapping[str, Any], say: Say, part: Part) -> tuple[str, dict[str, Any]]:
    """("done", the answer), or ("failed", {"error": one line, "class": of the error, "families": how many there are,
    where one must be chosen}) where symrelu refuses.
    """
    try:
        return "done", ANSWERS[kind](question, say, part)
    except SymreluError as error:
        count = error.count if isinstance(error, SeveralFamilies) else 0
        return "failed", {"error": " ".join(str(error).split()), "class": type(error).__name__, "families": count}
