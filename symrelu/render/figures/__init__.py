"""The figures of the main paper (arXiv 2107.10370) from our own numbers.

``path`` follows a family in floats, ``data`` computes what Figure 1 shows, ``spectrum`` draws it; ``isotropy`` is
Figure 2; ``write`` knows the names and writes files. Numbers need no drawing package; matplotlib (the optional extra
``plot``) is imported only to draw. One version of matplotlib makes the same file of the same data, byte by byte.
"""

from symrelu.render.figures.data import SpectrumFigure, spectrum_figure
from symrelu.render.figures.isotropy import Pattern, patterns
from symrelu.render.figures.write import FIGURES, check_request, write_figure

__all__ = ["FIGURES", "Pattern", "SpectrumFigure", "check_request", "patterns", "spectrum_figure", "write_figure"]
