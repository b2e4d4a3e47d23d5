"""Errors of symrelu: every message is one line that says what was given, what is needed and what to try."""


class SymreluError(ValueError):
    """Base of every error that symrelu raises on purpose."""


class BadInput(SymreluError):
    """Something given by the user cannot be read, or makes no sense together."""


class NotInFixedSpace(SymreluError):
    """A matrix is not constant on the orbits of entries that the isotropy group demands."""


class Undecided(SymreluError):
    """A question could not be decided with the means at hand; nothing was guessed."""


class UnknownFamily(BadInput):
    """A family name that is not one of the named ones."""


class NoFamily(SymreluError):
    """No family of critical points was found where one was asked for; the message says what was tried."""


class SeveralFamilies(BadInput):
    """Several families answer the question and none was chosen; ``count`` of them, where that is known, else 0."""

    def __init__(self, text: str, count: int = 0) -> None:
        super().__init__(text)
        self.count = count


class ZeroRow(SymreluError):
    """A row of norm 0: the ReLU loss is not differentiable there."""


class NotAUnit(SymreluError):
    """Division by an element of a ring that has no inverse there."""


class TruncatedTooSoon(SymreluError):
    """A series is not known far enough for what was asked of it."""


class ParallelToPrecision(TruncatedTooSoon):
    """Two rows are parallel as far as they are known: whether they are parallel is not decided."""


class LimitingAngle(SymreluError):
    """A limiting angle whose measure lies in no coefficient field at hand."""


class Ramified(SymreluError):
    """A series needs a larger ramification index than it was given."""


class NotRegular(SymreluError):
    """The leading-order system of a family is singular, so the family is not determined by the start at hand."""
