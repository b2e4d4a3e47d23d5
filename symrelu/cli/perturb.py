"""The command about targets near the identity: ``symrelu perturb``."""

from __future__ import annotations

from typing import Any

import click

from symrelu.cli.group import family_options, format_option, main, number
from symrelu.cli.terminal import print_json, print_text, progress


@main.command(short_help="A minimum while V moves off I: how its spectrum splits.")
@family_options
@click.option("--d", "at", type=int, required=True, metavar="D", help="A whole number.")
@click.option("--size", type=number, default=0.1, show_default=True, metavar="X", help="The spectral norm of V - I.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Of the direction E.")
@click.option("--steps", type=int, default=10, show_default=True, metavar="N", help="Rows of the table.")
@click.option("--kind", default="random", show_default=True, metavar="KIND", help="random, symmetric or antisymmetric.")
@click.option(
    "--keep", metavar="GROUP", help="Permutations that leave E unchanged: S_5 x S_3, of the first 5 + 3 rows."
)
@format_option("text", "json")
def perturb(at: int, size: float, seed: int, steps: int, kind: str, keep: str | None, form: str, **chosen: Any) -> None:
    """Follow a critical point while the target moves off the identity, V = I + eps E, and see what becomes of it.

    E is drawn from the seed, with spectral norm 1. The path W(eps) exists and is unique as long as the Hessian by W is
    nonsingular; it is followed along its tangent, with Newton's method back, to eps = size. If the Hessian becomes
    singular before (an eigenvalue changes sign, or the path turns back), the answer says between which two eps. Every
    multiple eigenvalue splits, as the restriction of its representation to what E leaves of the isotropy group says:
    predicted beside measured, with the widths at first order. An antisymmetric E is a rotation of the data at first
    order, and splits nothing then. Floats: nothing is proved.

    \b
    symrelu perturb 2a --d 10
    symrelu perturb 2a --d 10 --keep "S_5 x S_3"
    symrelu perturb 1b --d 8 --size 1 --steps 20
    symrelu perturb --blocks d-3,3 --limit +,- --d 12 --kind symmetric
    """
    from symrelu.families import family
    from symrelu.perturbation.direction import kind_named, parse_kept
    from symrelu.perturbation.path import perturbed
    from symrelu.render.perturbed import perturbed_json, perturbed_text

    kept = parse_kept(keep) if keep is not None else ()
    path = perturbed(family(**chosen), at, size, seed, steps, kind_named(kind), kept, progress())
    print_json(perturbed_json(path)) if form == "json" else print_text(perturbed_text(path))
