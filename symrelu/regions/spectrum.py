"""The isotypic blocks of the Hessian on the plane of sizes, in floats: the smallest eigenvalue of each component."""

from __future__ import annotations

import numpy as np

from symrelu.exact.arithmetic import FLOAT
from symrelu.proof.inertia import first_layer_copies
from symrelu.regions.curve import Floats, entries_of, place_of
from symrelu.regions.sizes import PLANE, THREE_BLOCKS
from symrelu.spectrum.blocks import block
from symrelu.symmetry.isotypic import Component, Copies

DEPENDENT = 1e-9  # eigenvalues of the normalised Gram matrix below this are 0


def component_copies() -> dict[Component, Copies]:
    """Every component with its copies in M(d, d): t, s1, s3, x1, x3, y1, y3, s1*s3."""
    return {of.component: of for of in first_layer_copies(THREE_BLOCKS)}


def least_eigenvalues(y: Floats) -> dict[Component, float]:
    """The smallest eigenvalue of the Hessian (second layer fixed) in each component that occurs, at a position where q
    and d - q - 1 are at least 2. Copies that depend on others (in a block of size 2) are dropped by rank.
    """
    place = place_of(y)
    point = PLANE.at(FLOAT, list(entries_of(y)), place)
    found = {}
    for component, of in component_copies().items():
        if not component.dimension(THREE_BLOCKS).present(place):
            continue
        pencil = block(point, of)
        gram = np.array(pencil.gram, dtype=float)
        norms = np.sqrt(np.diag(gram))
        lengths, axes = np.linalg.eigh(gram / np.outer(norms, norms))
        basis = (axes / np.sqrt(np.where(lengths > DEPENDENT, lengths, np.inf)))[:, lengths > DEPENDENT]
        basis = basis / norms[:, None]
        found[component] = float(np.linalg.eigvalsh(basis.T @ np.array(pencil.hessian, dtype=float) @ basis)[0])
    return found
