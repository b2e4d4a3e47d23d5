"""The command line: parse, call, print. Every command is thin over the library; imports happen inside the commands, so
that --version is quick.
"""

from symrelu.cli import (
    convexity,
    exact,
    experiments,
    explore,
    freeprob,
    neuron,
    numbers,
    paper,
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
    "explore",
    "freeprob",
    "main",
    "neuron",
    "numbers",
    "paper",
    "papers",
    "perturb",
    "regions",
    "samples",
    "sweep",
    "symmetry",
    "train",
    "widths",
]
