"""The command line: parse, call, print. Every command is thin over the library; imports happen inside the commands, so
that --version is quick.
"""

from symrelu.cli import (
    convexity,
    exact,
    experiments,
    freeprob,
    neuron,
    numbers,
    papers,
    perturb,
    regions,
    samples,
    sweep,
    symmetry,
    train,
    widths,
)
from symrelu.cli.group import main

__all__ = [
    "convexity",
    "exact",
    "experiments",
    "freeprob",
    "main",
    "neuron",
    "numbers",
    "papers",
    "perturb",
    "regions",
    "samples",
    "sweep",
    "symmetry",
    "train",
    "widths",
]
