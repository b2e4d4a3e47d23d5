"""At which real d a group means something: the sizes that its blocks may have, and the refusal of the others."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symrelu.errors import BadInput
from symrelu.symmetry.isotropy import Isotropy


def meaningful(isotropy: Isotropy, d: Any, spectrum: bool = False) -> None:
    """Raise BadInput unless every block has at least one element at the real number d; it says which has how many.

    ``spectrum`` asks for more, that the isotypic decomposition makes sense: each block has 1 element or at least 2. At
    sizes strictly between, s has a positive dimension but its copies no positive inner product.
    """
    for number, size in enumerate(isotropy.blocks, 1):
        value = size.at(d)
        if value >= 2 or value == 1 or (value > 1 and not spectrum):
            continue
        needed = Fraction(2 if value > 1 else 1)
        reason = "between 1 and 2 elements have no Hessian spectrum" if value > 1 else "a block needs at least 1"
        # a constant size is a positive integer, so the size at fault grows with d
        raise BadInput(
            f"d = {_shown(d)} was given; block {number} of size {size} would have {_shown(value)} elements there, and "
            f"{reason}: give d >= {(needed - size.const) / size.slope}"
        )


def _shown(x: Any) -> str:
    text = str(x)
    return text if len(text) <= 30 else f"{text[:20]}..."
