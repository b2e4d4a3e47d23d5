"""Figures by name, into files that appear whole or not at all."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symrelu.errors import BadInput
from symrelu.files import atomically
from symrelu.render.figures.annihilation import annihilation_figure, annihilation_size, draw_annihilation
from symrelu.render.figures.bifurcation import BranchingPanel, branching_panels, draw_branching, panel_size
from symrelu.render.figures.bridge import SIZE as BRIDGE_SIZE
from symrelu.render.figures.bridge import bridge_figure, draw_bridge
from symrelu.render.figures.convexity import SIZE as CONVEXITY_SIZE
from symrelu.render.figures.convexity import convexity_figure, draw_convexity
from symrelu.render.figures.data import spectrum_figure
from symrelu.render.figures.descent_clusters import SIZE as CLUSTERS_SIZE
from symrelu.render.figures.descent_clusters import clusters_figure, draw_clusters
from symrelu.render.figures.freeprob_density import SIZE as DENSITY_SIZE
from symrelu.render.figures.freeprob_density import density_panels, draw_densities
from symrelu.render.figures.freeprob_experiments import EXPERIMENTS, experiment_figure
from symrelu.render.figures.isotropy import draw_patterns, patterns
from symrelu.render.figures.paths import draw_paths, family_path
from symrelu.render.figures.perturbed import SIZE as PERTURBED_SIZE
from symrelu.render.figures.perturbed import draw_perturbed, perturbed_figure
from symrelu.render.figures.regions import draw_region, region_figure
from symrelu.render.figures.samples import SIZE as SAMPLES_SIZE
from symrelu.render.figures.samples import draw_samples, samples_figure
from symrelu.render.figures.spectrum import draw_spectrum
from symrelu.render.figures.types import SIZE as TYPES_SIZE
from symrelu.render.figures.types import draw_types, types_figure
from symrelu.render.figures.widths import draw_widths, width_curves
from symrelu.series.lifting import Progress

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("pdf", "svg", "png")
FIGURES = {
    "main-1": "Figure 1 of the main paper: Hessian eigenvalues against d, and the spectral density",
    "main-2": "Figure 2 of the main paper: 5 x 5 matrices by isotropy",
    "paths": "loss and lowest eigenvalues along d, with the thresholds, down to the end of the path",
    "branching": "the branches that meet families at their thresholds",
    "widths": "what splitting neurons adds to the Hessian along d, and the index for k = d, d + 1, d + 2",
    "annihilation": "where in d families with k = d, d + 1, d + 2 are minima, their loss and index at d = 20 (minutes)",
    "region": "where the three-block points Delta(S_q x S_1 x S_{d-q-1}) are minima, certified ones marked",
    "perturbed": "Hessian eigenvalues of a minimum as V moves off the identity (1b, d = 8): clusters, widths, the end",
    "convexity": "rebuttal 003: the share of the loss change in U against the initial scale, and descents (some 20 s)",
    "bridge": "an exact symmetric spectrum (2a, d = 20) beside random-matrix laws of its mean and energy",
    "descent-clusters": "Hessian eigenvalues along one descent (d = 20, into 2a), clusters forming (some 10 s)",
    "samples": "training losses on N inputs at 1b, d = 10: errors against N, eigenvalues of their Hessians (some 20 s)",
    "descent-types": "the minima that descents end in, by type against d, beside published counts (minutes)",
    "freeprob-1": "Figure 1 of the random-matrix paper: Wishart + Wigner densities for three phi and four energies",
    "freeprob-2": "H0 + H1 of a trained ReLU autoencoder against H0 + Q H1 Q', Q of Haar measure (some 10 s)",
    "freeprob-3": "H1 at initialisation, residuals overwritten by noise, against its law (some 10 s)",
    "freeprob-4": "H0 at initialisation, and its smallest eigenvalues",
    "freeprob-5": "the gap of H0 against 1/phi, with the fit of Marchenko and Pastur's (minutes)",
    "freeprob-6": "critical points of tanh networks: index against energy, thresholds (minutes; or --results FILE)",
}
BY_FAMILY = ("main-1", "paths", "branching", "widths", "bridge", "perturbed", "samples")
WITH_RESULTS = ("freeprob-6", "descent-types")
STYLE: dict[Any, Any] = {
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 8,
    "axes.linewidth": 0.6,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.scale_dashes": False,
    "pdf.fonttype": 42,
    "svg.hashsalt": "symrelu",
    "path.simplify": False,
}


def check_request(name: str, path: Path, family: str | None = None, results: str | Path | None = None) -> None:
    """Refuse what could not be drawn or written, before anything is computed: BadInput says what can be."""
    if name not in FIGURES:
        raise BadInput(f"there is no figure {name!r}; the figures are {', '.join(FIGURES)}")
    if name not in BY_FAMILY and family is not None:
        raise BadInput(f"the figure {name} shows no family, but {family!r} was given; leave --family out")
    if name not in WITH_RESULTS and results is not None:
        raise BadInput(f"a file of results was given, which the figure {name} does not show; leave --results out")
    if path.suffix[1:].lower() not in FORMATS:
        raise BadInput(f"the ending of {str(path)!r} names no format; give one of {', '.join(FORMATS)}: {name}.pdf")
    if not path.parent.is_dir():
        raise BadInput(f"there is no folder {str(path.parent)!r} to write {path.name} to; make it first")
    if path.is_dir():
        raise BadInput(f"{str(path)!r} is a folder; give the name of a file, such as {name}.pdf")
    if importlib.util.find_spec("matplotlib") is None:
        raise BadInput("figures need matplotlib, which is not installed; try: pip install 'symrelu[plot]'")


def write_figure(
    name: str,
    path: str | Path,
    family: str | None = None,
    progress: Progress | None = None,
    results: str | Path | None = None,
) -> None:
    """Compute and draw a figure of ``FIGURES`` into a file, whose ending gives the format (pdf, svg or png).

    ``family``: a name or ``blocks:limit``. If not given, main-1 shows 2a, as in the paper; paths and branching show all
    the named families, branching at their largest thresholds. ``results``: a file of critical points, as ``symrelu
    freeprob experiment critical-points`` writes it, for freeprob-6, or of descents, as ``symrelu train`` writes it, for
    descent-types. The file appears whole or not at all. Raises
    BadInput for names, endings, folders and families that make no sense, and without matplotlib.
    """
    path = Path(path)
    check_request(name, path, family, results)
    from symrelu.families import families
    from symrelu.families import family as find
    from symrelu.regions import region_table

    draw: Callable[[Figure], None]
    if name == "main-1":
        data = spectrum_figure(find(family or "2a"), progress)
        draw, size = (lambda figure: draw_spectrum(data, figure)), (7.0, 3.4)
    elif name == "paths":
        courses = [family_path(one, progress) for one in ([find(family)] if family else families())]
        draw, size = (lambda figure: draw_paths(courses, figure)), (7.0, 2.9)
    elif name == "widths":
        curves = [width_curves(one, progress=progress) for one in ([find(family)] if family else families()[1:])]
        draw, size = (lambda figure: draw_widths(curves, figure)), (7.0, 2.9)
    elif name == "branching":
        panels = _panels(family, progress)
        draw, size = (lambda figure: draw_branching(panels, figure)), panel_size(len(panels))
    elif name == "annihilation":
        rows = annihilation_figure(progress)
        draw, size = (lambda figure: draw_annihilation(rows, figure)), annihilation_size(rows)
    elif name == "region":
        region = region_figure(region_table(progress=progress))
        draw, size = (lambda figure: draw_region(region, figure)), (7.0, 3.0)
    elif name in EXPERIMENTS:
        draw, size = experiment_figure(name, results, progress)
    elif name == "descent-types":
        types = types_figure(results, progress)
        draw, size = (lambda figure: draw_types(types, figure)), TYPES_SIZE
    elif name == "descent-clusters":
        descent = clusters_figure(progress)
        draw, size = (lambda figure: draw_clusters(descent, figure)), CLUSTERS_SIZE
    elif name == "samples":
        study = samples_figure(find(family or "1b"), progress)
        draw, size = (lambda figure: draw_samples(study, figure)), SAMPLES_SIZE
    elif name == "perturbed":
        moved = perturbed_figure(find(family or "1b"), progress)
        draw, size = (lambda figure: draw_perturbed(moved, figure)), PERTURBED_SIZE
    elif name == "convexity":
        shares = convexity_figure(progress)
        draw, size = (lambda figure: draw_convexity(shares, figure)), CONVEXITY_SIZE
    elif name == "bridge":
        beside = bridge_figure(find(family or "2a"), progress=progress)
        draw, size = (lambda figure: draw_bridge(beside, figure)), BRIDGE_SIZE
    elif name == "freeprob-1":
        densities = density_panels(progress=progress)
        draw, size = (lambda figure: draw_densities(densities, figure)), DENSITY_SIZE
    else:
        draw, size = (lambda figure: draw_patterns(patterns(), figure)), (5.5, 2.0)
    if progress:
        progress(f"drawing {path.name}")
    save_figure(draw, size, path)


def _panels(family: str | None, progress: Progress | None) -> list[BranchingPanel]:
    from symrelu.families import families
    from symrelu.families import family as find

    chosen = [find(family)] if family else families()
    panels = [panel for one in chosen for panel in branching_panels(one, family is None, progress)]
    if not panels:
        raise BadInput(f"no branch was found at a threshold of family {family}; try another family, such as 2a")
    return panels


def save_figure(draw: Callable[[Figure], None], size: tuple[float, float], path: Path) -> None:
    """Draw into a file beside the target, which then takes its name."""
    import matplotlib
    from matplotlib.figure import Figure

    target = path.resolve()
    form = target.suffix[1:].lower() if target.suffix[1:].lower() in FORMATS else path.suffix[1:].lower()
    undated = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {}}[form]
    with atomically(path) as temporary, matplotlib.rc_context(STYLE):
        figure = Figure(figsize=size)
        draw(figure)
        figure.savefig(temporary, format=form, dpi=300, metadata=undated)
