"""The command line: parse, call, print. Every command is thin over the library; imports happen inside the commands, so
that --version is quick.
"""

from symrelu.cli import exact, experiments, freeprob, numbers, papers, regions, sweep, symmetry, widths
from symrelu.cli.group import main

__all__ = ["exact", "experiments", "freeprob", "main", "numbers", "papers", "regions", "sweep", "symmetry", "widths"]
