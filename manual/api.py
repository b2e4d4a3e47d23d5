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

NAMES = {
    "problem": "a `Problem`: the loss reduced to a fixed-point subspace, with its kernel, target and signs",
    "isotropy": "an `Isotropy`: block sizes, row orbits, column orbits",
    "setting": "a `Setting`: kernel, target, second layers (left out: ReLU, $V=I$, ones)",
    "rows, cols": "row and column orbits, as in `--rows 1,2,*`, or an `Isotropy`'s tuples of them",
    "row, col": "the places of a row orbit and of a column orbit, from 0 unless said otherwise",
    "component, branch, number": "of an eigenvalue: its isotypic component, its place there from 1, and its value",
    "layers": "2: both layers are trained, or 1: the second one is fixed",
    "key, version": "of a result: the `FamilyKey` it belongs to, and the version of symrelu that made it",
    "values": "one number for each coordinate $a_1,a_2,\\dots$, of the arithmetic at hand",
    "arithmetic": "what formulas are evaluated in: an `Arithmetic` (SymPy, series, mpmath, balls, floats)",
    "field": "a `Field`: the parent of coefficients",
    "x, y, xs, ys": "elements of the field at hand, or lists of them; in laws and spectra real points",
    "p, q, s, g": "the Gram entries of a pair of rows, and the Gram root $g=\\sqrt{pq-s^2}$",
    "inverse_p, inverse_q": "$1/p$ and $1/q$, which the caller has already",
    "gram": "the `Gram` of a pair of rows; in an arithmetic, a function that returns $pq-s^2$ as a sum",
    "W": "the first layer, an array of shape $(k,d)$",
    "V": "the target, an array of shape $(h,d)$",
    "alpha": "the second layer: $k$ numbers (left out: ones)",
    "weights, losses": "one $W$, or one loss, for each run",
    "d, k, n, m": "whole numbers from 1 on, unless $d$ is said to be real: dimension, neurons, and sizes or orders",
    "digits": "significant decimal digits of the answer, from 1 on",
    "bits": "the working precision of balls, in bits",
    "eps": "$\\epsilon\\ge0$: the energy, or how far a target is moved",
    "phi": "$\\phi>0$: parameters over data; in the descent an activation on arrays",
    "sigma": "$\\sigma>0$: the mean of the law of $H_0$",
    "rng": "a numpy random generator: equal generators give equal answers",
    "seed": "a whole number from 0 on, which the answer is a function of",
    "runs, draws, trials, points, starts, steps": "how many: whole numbers from 1 on",
    "activation, dataset": "the name of one, such as `relu`, `tanh`; `gaussian`, `mnist`",
    "decay, rate": "the weight decay $\\lambda\\ge0$ and the step of descent, real numbers",
    "hidden": "the widths of the hidden layers, or how many there are",
    "constant": "`paper` ($c=H(H+1)$), `sharp` ($c=H$) or `one` ($c=1$): the constant of the convexity bound",
    "network": "a network of rational weights with its regression problem",
    "text, name, what, kind, label": "a text: what is read, what is asked for, or a name for messages",
    "data": "what `json.loads` returned",
    "path": "a file name, or, in symrelu.store, the folder's path",
    "asked": "what a stored result answers: plain values by name",
    "settings": "the settings of a task as plain values, so that it can be sent to another process",
    "progress": "a function that is told in a few words what is being done; left out, nobody is",
}
"""Parameters and fields that mean the same wherever they stand, with their ring, shape or domain; names that belong
together are joined by commas. A docstring may leave them out.
"""


def common_names() -> set[str]:
    """The names of :data:`NAMES`, one by one."""
    return {name for names in NAMES for name in names.split(", ")}
