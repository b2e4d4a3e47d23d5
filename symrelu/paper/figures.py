"""The figures of a document: the matrix of an isotropy type, and the spectrum against d, as PDF files."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from symrelu.errors import BadInput, SymreluError
from symrelu.files import check_writable
from symrelu.paper.material import Material, Progress
from symrelu.paper.notation import Notation
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LARGEST_MATRIX = 30
GROWING_ROWS = 3  # so many rows of a growing block show what the block is


def check_figures(paths: list[Path]) -> None:
    """Refuse what cannot be drawn or written, before anything is computed."""
    if importlib.util.find_spec("matplotlib") is None:
        raise BadInput(
            "figures need matplotlib, which is not installed; try --no-figures, or pip install 'symrelu[plot]'"
        )
    for path in paths:
        check_writable(path)


def write_figures(material: Material, stem: Path, notation: Notation, progress: Progress | None = None) -> list[Path]:
    """Draw the matrix and the spectrum of a family into ``stem``-matrix.pdf and -eigenvalues.pdf; what cannot be drawn,
    a matrix without a smallest size or a spectrum without a path, is left out. Labels follow the ``notation``.
    """
    from symrelu.render.figures.data import spectrum_figure
    from symrelu.render.figures.spectrum import draw_spectrum
    from symrelu.render.figures.write import save_figure

    written: list[Path] = []
    isotropy = material.series.asked
    d = _smallest(isotropy)
    if d is not None:
        path = stem.with_name(f"{stem.name}-matrix.pdf")
        save_figure(lambda figure: _draw_matrix(isotropy, d, notation, figure), (2.2, 2.2), path)
        written.append(path)
    try:
        data = spectrum_figure(material.family, progress)
    except SymreluError:
        return written
    path = stem.with_name(f"{stem.name}-eigenvalues.pdf")
    save_figure(lambda figure: draw_spectrum(data, figure, notation.apply), (7.0, 3.4), path)
    return [*written, path]


def _smallest(isotropy: Isotropy) -> int | None:
    """The smallest d at which growing blocks have some rows; None if matrices are too large to be drawn."""
    for d in range(2, LARGEST_MATRIX + 1):
        sizes = [size.at(d) for size in isotropy.blocks]
        if all(
            s >= (1 if size.is_constant else GROWING_ROWS) and s == int(s)
            for s, size in zip(sizes, isotropy.blocks, strict=True)
        ):
            return d
    return None


def _draw_matrix(isotropy: Isotropy, d: int, notation: Notation, figure: Figure) -> None:
    """The k x d matrices of the fixed space: equal entries have one colour and the number of their coordinate."""
    from matplotlib.patches import Rectangle

    from symrelu.render.figures.isotropy import TINTS

    places = FixedSpace(isotropy).index_matrix(d)
    rows, columns = places.shape
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.98))
    for (i, j), entry in _cells(places):
        tint = TINTS[entry % len(TINTS)]
        axes.add_patch(Rectangle((j, i), 1, 1, facecolor=tint, edgecolor="white", linewidth=1))
        name = notation.apply(f"a_{{{entry + 1}}}")
        axes.text(j + 0.5, i + 0.5, f"${name}$", ha="center", va="center", fontsize=max(5, 70 / max(rows, 7)))
    for end in _ends(isotropy, isotropy.rows, d):
        axes.plot([0, columns], [end, end], color="black", linewidth=0.8)
    for end in _ends(isotropy, isotropy.cols, d):
        axes.plot([end, end], [0, rows], color="black", linewidth=0.8)
    axes.add_patch(Rectangle((0, 0), columns, rows, facecolor="none", edgecolor="black", linewidth=0.8))
    axes.set(xlim=(-0.04, columns + 0.04), ylim=(rows + 0.04, -0.04), aspect="equal")
    axes.set_axis_off()


def _cells(places: object) -> list[tuple[tuple[int, int], int]]:
    import numpy as np

    return [((int(i), int(j)), int(x)) for (i, j), x in np.ndenumerate(np.asarray(places))]


def _ends(isotropy: Isotropy, orbits: object, d: int) -> list[int]:
    """Where one orbit ends and the next begins."""
    ends, place = [], 0
    for orbit in list(orbits)[:-1]:  # type: ignore[call-overload]
        place += int(isotropy.orbit_size(orbit).at(d))
        ends.append(place)
    return ends


__all__ = ["check_figures", "write_figures"]
