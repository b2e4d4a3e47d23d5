"""Claims of the predecessor paper: Y. Arjevani, M. Field, "Analytic Characterization of the Hessian in Shallow ReLU
Models: A Tale of Symmetry" (NeurIPS 2020). Its second layer is fixed at 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from symrelu.claims.claim import Claim
from symrelu.claims.theorem2 import FAMILIES

PAPER = "Analytic Characterization of the Hessian in Shallow ReLU Models (NeurIPS 2020)"


def claims() -> Iterator[Claim]:
    """The claims of this version; those of the paper itself are to come."""
    yield Claim(
        "predecessor.condition-number",
        f"{PAPER}, the authors' response to the reviewers",
        "the condition number of the Hessian of W alone is Omega(k), at global and spurious minima (all large d = k)",
        "condition",
        None,
        ",".join(FAMILIES),
        "1",
    )
