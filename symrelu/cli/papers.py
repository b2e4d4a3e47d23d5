"""Commands about the papers: their claims, their figures and our own."""

from __future__ import annotations

import click

from symrelu.cli.group import format_option, main
from symrelu.cli.terminal import clear_progress, print_json, print_text, progress


@main.command(short_help="Decide the claims of the papers, one by one.")
@click.argument("group", default="all", metavar="[GROUP]")
@format_option("text", "json")
@click.option("--verbose", "-v", is_flag=True, help="For every claim, the evidence and what it rests on.")
def verify(group: str, form: str, verbose: bool) -> None:
    """Decide the claims of the papers, one by one: theorem1, theorem2, main (its prose), predecessor (the
    response to its reviewers), freeprob (the random-matrix paper), convexity (the rebuttal on piecewise strong
    convexity), or all of them (the default).

    Each printed coefficient, loss and multiplicity is decided by exact computation. Exit status 0 unless a claim
    is undecided; a refuted claim is a finding, not a failure. Empirical: a measured figure, ours beside the paper's;
    open: not decided by this version, with the reason. In JSON, evidence is exact, certified or numerical, of what was
    computed; grounds tells arguments in words (derived) and what is not decided (none) apart.

    \b
    symrelu verify theorem1
    symrelu verify theorem2 --verbose
    symrelu verify freeprob
    symrelu verify all --format json
    """
    from symrelu.claims.decide import claims_of, decide_all
    from symrelu.claims.report import report_json, report_text

    verdicts = decide_all(claims_of(group), progress())
    print_json(report_json(verdicts)) if form == "json" else print_text(report_text(verdicts, verbose))
    if any(v.answer == "undecided" for v in verdicts):
        raise SystemExit(1)


@main.command(short_help="The claims of the papers, section by section; nothing is decided.")
@click.argument("group", default="all", metavar="[GROUP]")
@format_option("text", "json", "markdown")
def claims(group: str, form: str) -> None:
    """Every claim of the four texts, paragraph by paragraph and section by section, with counts; nothing is decided.

    GROUP is one of those of `symrelu verify` (theorem1, theorem2, main, predecessor, freeprob, convexity), or all.
    Paragraphs are named by their first words; one without a claim says why. (open): not decidable here, and
    `symrelu verify` says why not.

    \b
    symrelu claims
    symrelu claims main
    symrelu claims freeprob --format json
    """
    from symrelu.claims.inventory import inventory, inventory_json, inventory_markdown, inventory_text

    sections = inventory(group)
    if form == "json":
        print_json(inventory_json(sections))
    else:
        print_text((inventory_markdown if form == "markdown" else inventory_text)(sections))


@main.command(short_help="A figure, of the papers or our own, drawn from our own numbers.")
@click.argument("name", metavar="NAME")
@click.option("-o", "--output", required=True, metavar="FILE", help="The file to write; it ends in .pdf, .svg or .png.")
@click.option("--family", metavar="FAMILY", help="A name or d-5,5:+,- (default: 2a for main-1, else all named ones).")
@click.option("--results", metavar="FILE", help="For freeprob-6, of freeprob experiment; for descent-types, of train.")
def figure(name: str, output: str, family: str | None, results: str | None) -> None:
    """A figure of the papers, drawn from our own numbers: main-1 or main-2; or our own: paths or branching.

    main-1 shows the Hessian eigenvalues of a family against d, numerical and exact to O(d**(-1/2)), and their
    multiplicities at d = 100 (some 20 s); main-2 the 5 x 5 matrices of three isotropy types. paths shows loss and
    lowest eigenvalues along d, the thresholds and the end of the path (some 10 s a family); branching the branches
    that meet a family at its thresholds, certified points marked (all named families, at their largest thresholds:
    some 2 minutes). freeprob-1 shows densities of Wishart + Wigner; freeprob-2 ... freeprob-6 are experiments with
    networks, measured anew (pip install 'symrelu[experiments]'): free independence, the spectra of H1 and H0 at
    initialisation, critical points; bridge an exact spectrum (--family, d = 20) beside random-matrix laws; perturbed
    the eigenvalues of a minimum while the target moves off the identity (--family; 1b, some 5 s); descent-types the
    shares of the minima that descents end in (--results of symrelu train); descent-clusters the Hessian eigenvalues
    along one descent at d = 20 (some 15 s); samples training losses at a family's point as N grows (--family; 1b, some
    20 s); convexity the experiment on piecewise strong convexity. The file appears whole or not at all. Needs
    matplotlib: pip install 'symrelu[plot]'.

    \b
    symrelu figure main-1 -o spectrum.pdf
    symrelu figure main-1 --family 3a -o spectrum-3a.svg
    symrelu figure main-2 -o isotropy.png
    symrelu figure paths --family 3a -o path.pdf
    symrelu figure branching --family 2a -o branches.pdf
    symrelu figure descent-types --results types.jsonl -o types.pdf
    symrelu figure descent-clusters -o clusters.pdf
    symrelu figure samples --family 2a -o samples.pdf
    symrelu figure freeprob-1 -o densities.pdf
    symrelu figure freeprob-3 -o h1.pdf
    symrelu figure bridge -o bridge.pdf
    """
    from symrelu.runs.pools import one_thread

    one_thread()
    from symrelu.render.figures import write_figure

    write_figure(name, output, family, progress(), results)
    clear_progress()
