"""Deciding claims: each kind of claim against an exact computation that knows nothing of what is claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from symrelu.claims.claim import Claim, Context, Verdict
from symrelu.errors import BadInput, SymreluError

Progress = Callable[[str], None]


def groups() -> dict[str, Callable[[], Iterator[Claim]]]:
    """The groups of claims that this version holds, by name."""
    from symrelu.claims import convexity, freeprob, main, predecessor, theorem1, theorem2

    return {
        "theorem1": theorem1.claims,
        "theorem2": theorem2.claims,
        "main": main.claims,
        "predecessor": predecessor.claims,
        "freeprob": freeprob.claims,
        "convexity": convexity.claims,
    }


def claims_of(group: str) -> list[Claim]:
    """The claims of a group, or of all groups; BadInput for a name that is no group."""
    known = groups()
    if group != "all" and group not in known:
        raise BadInput(
            f"there is no group of claims {group!r} in this version; the groups are {', '.join(known)} and all"
        )
    return [claim for name, claims in known.items() if group in (name, "all") for claim in claims()]


def decide_all(claims: list[Claim], progress: Progress | None = None) -> list[Verdict]:
    """The verdicts on the claims, in their order."""
    context = Context()
    verdicts = []
    for claim in claims:
        if progress:
            progress(f"deciding {claim.id}")
        verdicts.append(decide(claim, context))
    return verdicts


def decide(claim: Claim, context: Context) -> Verdict:
    """The verdict on one claim. A claim whose computation fails is ``undecided``, with the reason."""
    from symrelu.claims import (
        decide_one_neuron,
        decide_predecessor,
        decide_problem,
        decide_proof,
        decide_prose,
        decide_prose_spectra,
        decide_remarks,
        decide_series,
        decide_spectrum,
        decide_widths,
    )

    exact = (decide_series, decide_spectrum, decide_proof, decide_widths, decide_predecessor, decide_remarks)
    modules: tuple[Any, ...] = (*exact, decide_one_neuron, decide_problem, decide_prose, decide_prose_spectra)
    if claim.kind.startswith("free_"):  # what they import is needed by no other claim
        modules = _of_freeprob()
    elif claim.kind.startswith("descent_"):
        from symrelu.claims import decide_descent

        modules = (decide_descent,)
    elif claim.kind.startswith("convex_"):
        modules = _of_convexity()
    deciders = {kind: decider for module in modules for kind, decider in module.DECIDERS.items()}
    try:
        return Verdict(claim, *deciders[claim.kind](claim, context))
    except (SymreluError, ArithmeticError) as error:
        return Verdict(claim, "undecided", str(error), "none", "the computation failed")


def _of_freeprob() -> tuple[Any, ...]:
    from importlib import import_module

    parts = ("", "_counting", "_finite", "_free", "_measured", "_network", "_relu", "_spectrum", "_thresholds")
    return tuple(import_module(f"symrelu.claims.decide_freeprob{part}") for part in parts)


def _of_convexity() -> tuple[Any, ...]:
    from importlib import import_module

    parts = ("", "_bound", "_measured", "_minima")
    return tuple(import_module(f"symrelu.claims.decide_convexity{part}") for part in parts)
