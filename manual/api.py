"""Which modules the manual documents: the parts of the Python interface, in order."""

from __future__ import annotations

from typing import NamedTuple


class Part(NamedTuple):
    """A page of the Python interface: its file name, its title, what it is about, and its modules."""

    name: str
    title: str
    about: str
    modules: tuple[str, ...]


def _in(package: str, *names: str) -> tuple[str, ...]:
    return tuple(f"symrelu.{package}.{name}" for name in names)


PARTS = (
    Part(
        "front",
        "The front door",
        "What most programs need: a family, its results, the search for families, and the errors.",
        ("symrelu", "symrelu.found", "symrelu.growing", "symrelu.identification", "symrelu.comparison")
        + ("symrelu.catalogue", "symrelu.errors"),
    ),
    Part(
        "results",
        "Results",
        "The values that a family's methods return. They are frozen, they print, and they go to JSON.",
        _in("spectrum", "result", "expressions", "parting")
        + _in("paths", "evaluation_result", "path", "end", "threshold_result")
        + _in("proof", "certificate", "prover"),
    ),
    Part(
        "symmetry",
        "Groups and orbits",
        "Block sizes, isotropy types, fixed-point subspaces, isotypic components, lattices.",
        ("symrelu.symmetry",)
        + _in("symmetry", "isotypic", "restriction", "lattice", "young_lattice", "identify", "matching"),
    ),
    Part(
        "exact",
        "Exact numbers and series",
        "Coefficient fields, Puiseux series, and the arithmetics that formulas are evaluated in.",
        _in("exact", "field", "qpi", "square_roots", "algebraic", "parameters", "constants", "arithmetic", "parse"),
    ),
    Part(
        "model",
        "The model",
        "Kernels, targets, settings, and the loss with its derivatives, reduced by symmetry and dense.",
        _in("model", "kernels", "activations", "setting", "target", "reduced", "expression", "dense", "pointwise")
        + _in("model", "one_neuron"),
    ),
    Part(
        "neurons",
        "More neurons, three blocks, branches",
        "Splitting neurons, the region of three-block minima, and the branches at thresholds.",
        ("symrelu.splitting", "symrelu.regions", "symrelu.branching"),
    ),
    Part(
        "proofs",
        "The checker of certificates",
        "It imports nothing of the rest of the package.",
        ("symrelu.checker",),
    ),
    Part(
        "free",
        "Free probability",
        "Laws with algebraic Stieltjes transforms, their free sums and products.",
        ("symrelu.free",) + _in("free", "spectrum", "thresholds"),
    ),
    Part(
        "descent",
        "Descent",
        "Training on the population loss, and the types of the minima it ends in.",
        _in("descent", "training", "starts", "descend", "sgd", "classify", "found_types", "frequencies", "along")
        + _in("descent", "problem", "statistics"),
    ),
    Part(
        "samples",
        "Finite samples",
        "Training losses, their limits and their minima.",
        _in("samples", "laws", "training_loss", "limits", "minimum", "point", "study"),
    ),
    Part(
        "perturbation",
        "Other targets",
        "Minima followed as the target moves off the identity.",
        _in("perturbation", "direction", "continuation", "path"),
    ),
    Part(
        "convexity",
        "Piecewise strong convexity",
        "The bound, the sets U and A, the experiment, symmetric minima.",
        ("symrelu.convexity",) + _in("convexity", "minima", "batch_norm"),
    ),
    Part(
        "experiments",
        "Experiments with networks",
        "Small networks in numpy: H = H0 + H1, freeness, spectra, critical points.",
        _in("experiments", "network", "freeness", "initial", "critical", "curves", "minima", "universality"),
    ),
    Part(
        "sweep",
        "Sweeps and the store",
        "Many types at once, and derived results on disk.",
        ("symrelu.sweep", "symrelu.store"),
    ),
)
