"""What a student was found to be, as a value, and how the loss of a family behaves as d grows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from symrelu.errors import SymreluError
from symrelu.families import Family

LOSS_ORDER = 2  # through which power of t a family's loss is derived to tell how it falls


@dataclass(frozen=True)
class Classified:
    """What a student is.

    ``family``: the family it lies on, a name or blocks:limit; "global" for zero loss that no family stands for; None
    for a new type. ``type``: the options that derive its series (``symrelu series`` takes them), or "" with the
    ``reason``. ``isotropy``: its group in the symmetry group of the loss, of that ``order``; ``broken``: the index of
    the group in that of the target, 1 where no symmetry is broken, None where it is no number (zero loss with k > h).
    ``multiplicity``: how many critical points the symmetries of the loss make of it. ``loss``; ``limit``: the limit of
    the family's loss, exactly; ``loss_class``: "Theta(1/d)", "Theta(1)" or another power of d, or "0". ``distance``:
    of the entries from the family's. ``notes``: what was not clear, or not tried.
    """

    family: str | None
    type: str
    reason: str
    isotropy: str
    order: int | None
    broken: int | None
    multiplicity: int | None
    loss: float
    limit: str | None = None
    loss_class: str | None = None
    distance: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_global(self) -> bool:
        """Whether the student computes the target."""
        return self.loss_class == "0"

    @property
    def key(self) -> tuple[str, str, str, float]:
        """What students of one type share: family, line, isotropy and the loss to eight decimals."""
        return self.family or "", self.type, self.isotropy, round(self.loss, 8)


@lru_cache(maxsize=512)
def loss_class(one: Family) -> tuple[str | None, str | None]:
    """The limit of a family's loss as d grows, exactly, and how the loss behaves: "Theta(1)", "Theta(1/d)", ... by its
    first coefficient that is not 0; None where none is known that far. ``one``: the family.
    """
    try:
        loss = one.series(LOSS_ORDER).loss
    except SymreluError:
        return None, None
    for power in range(min(loss.valuation, 0), LOSS_ORDER + 1):
        if loss[power]:
            exponent = Fraction(power, loss.ramification)
            how = "Theta(1)" if not exponent else "Theta(1/d)" if exponent == 1 else f"Theta(d**({-exponent}))"
            return ("0" if power > 0 else loss.field.text(loss[power])), how
    return "0", None


__all__ = ["Classified", "loss_class"]
