"""A family of critical points: the object users hold. Its series, isotropy and multiplicity hang off it, computed
when asked for.

>>> import symrelu
>>> print(symrelu.family("1b").series(2).entries["a_2"])
2*t**2 + O(t**3)
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from numbers import Integral
from typing import TYPE_CHECKING

from symrelu.catalogue import FamilyKey, check_searched, choose, name_of
from symrelu.errors import BadInput, NoFamily, Undecided
from symrelu.exact.parse import parse_fraction
from symrelu.exact.qpi import QPI
from symrelu.exact.square_roots import smallest_field
from symrelu.model.kernels import RELU
from symrelu.model.reduced import Problem
from symrelu.results import FamilySeries
from symrelu.series.leading import Start, exact_point, leading_terms
from symrelu.series.lifting import Lifted, Progress, lift
from symrelu.series.loss import loss_series
from symrelu.symmetry.actual import ActualIsotropy, actual_isotropy
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.multiplicity import Count, multiplicity

MAX_ORDER = 200
MAX_SPECTRUM_ORDER = 60
MAX_DIGITS = 1000
FIRST_GOAL = 5  # leading terms below t**5: enough for the contraction proof of every family met so far

if TYPE_CHECKING:
    from symrelu.model.expression import Expression
    from symrelu.paths.evaluation_result import Evaluation
    from symrelu.paths.path import Path
    from symrelu.paths.threshold_result import Thresholds
    from symrelu.proof.certificate import Certificate
    from symrelu.proof.prover import Prover
    from symrelu.spectrum.result import FamilySpectrum


def family(
    name: str | None = None,
    *,
    blocks: str | None = None,
    rows: str | None = None,
    cols: str | None = None,
    limit: str | None = None,
    branch: int | None = None,
) -> Family:
    """The family of critical points with that name, or with that isotropy type and limit.

    Parameters: ``name``, a case of Theorem 1 (``1a 1b 2a 2b 3a 3b 4``) or ``blocks:limit``; or ``blocks`` (sizes
    affine in d, such as ``d-4,4``), ``rows`` and ``cols`` (their orbits) and
    ``limit`` (the signs of diag W at d = infinity, ``+,-``, or coordinates, ``a_1=1,a_5=-1``). ``branch`` counts
    the families over one limit from 1.

    Raises BadInput for words that make no sense, with a line of advice. Whether there is such a family is found
    out when it is first computed with.
    """
    key = choose(name, blocks, rows, cols, limit)
    check_searched(key.isotropy)
    if branch not in (None, 1):
        raise BadInput(
            f"branch {branch} was asked for, but one family a = limit + O(1/d) lies over the limit "
            f"{key.limit_text()}; leave --branch out"
        )
    return Family(key)


class Family:
    """One family a(d) of critical points of the loss restricted to Fix(G), for d near infinity (k = d, V = I,
    beta = 1).
    """

    def __init__(self, key: FamilyKey) -> None:
        self.key = key
        self.space = FixedSpace(key.isotropy)
        self.problem = Problem(self.space, RELU)
        self._start: Start | None = None
        self._lifted: Lifted | None = None
        self._actual: ActualIsotropy | None = None
        self._equal: tuple[int, ...] = ()
        self._spectra: dict[tuple[int, int], FamilySpectrum] = {}
        self._path: Path | None = None
        self._prover: Prover | None = None

    def __repr__(self) -> str:
        return f"<Family {self.key.label()}>"

    @property
    def name(self) -> str | None:
        """The name in Theorem 1, if it has one (found by its actual isotropy and limit, whatever group it
        was sought in).
        """
        if self.key.name:
            return self.key.name
        actual = self.actual
        return name_of(actual.isotropy, [self.key.limit[i] for i in actual.sources]) if actual.is_young else None

    @property
    def start(self) -> Start:
        """Its leading terms. Raises NoFamily if there is no family at this limit, saying what was tried."""
        if self._start is None:
            limit = [QPI(value) for value in self.key.limit]
            try:
                self._start = exact_point(self.problem, limit) or leading_terms(self.problem, limit, FIRST_GOAL)
            except NoFamily as error:
                raise NoFamily(
                    f"no family of type {self.key.isotropy.label()} with limit {self.key.limit_text()} was "
                    f"found: {error}"
                ) from None
        return self._start

    def lifted(self, known: int, progress: Progress | None = None) -> Lifted:
        """The entries, right below t**known at least, with their proof; what was computed before is continued."""
        if self._lifted is None or (self._lifted.known is not None and self._lifted.known < known):
            start = self.start
            if self._lifted is not None and self._lifted.known is not None:
                start = Start(self._lifted.field, tuple(x.exact() for x in self._lifted.entries), self._lifted.known)
            self._lifted = lift(self.problem, start, known, progress)
        return self._lifted

    @property
    def actual(self) -> ActualIsotropy:
        """The isotropy group of the critical points themselves, which may be larger than the group they were sought in.

        Entries that differ in a known coefficient are different. Entries that agree as far as they are known,
        so that the group would be larger, are *proved* equal: the family
        of the larger type with the same limit is computed too; it lies in this fixed space, starts alike, and
        the start belongs to one family only. Raises Undecided if that fails.
        """
        if self._actual is None:
            for known in (FIRST_GOAL, 2 * FIRST_GOAL, 4 * FIRST_GOAL):
                lifted = self.lifted(known)
                found = actual_isotropy(self.key.isotropy, lifted.entries)
                if not found.is_larger:
                    self._equal = tuple(range(1, self.space.dim + 1))
                    break
                if lifted.known is None or self._embeds(found, lifted):
                    self._equal = tuple(lifted.entries.index(x) + 1 for x in lifted.entries)
                    break
            else:
                raise Undecided(
                    f"the entries of {self.key.label()} agree as if the isotropy were {found.label()}, as far "
                    f"as t**{4 * FIRST_GOAL - 1}, "
                    "but that could not be proved; ask for that type itself"
                )
            self._actual = replace(found, labels=found.sources)  # labels that do not depend on how many terms are known
        return self._actual

    @property
    def equal_entries(self) -> tuple[int, ...]:
        """For each coordinate the number of the first one proved equal to it (its own number unless the
        isotropy is larger than asked).
        """
        assert self.actual is not None
        return self._equal

    def _embeds(self, found: ActualIsotropy, lifted: Lifted) -> bool:
        """Whether the family of the larger type with the same limit starts like this one, so far as the
        start determines this family.
        """
        order = lifted.proof.contraction_order
        assert order is not None
        limit = [QPI(self.key.limit[i]) for i in found.sources]
        try:
            larger = leading_terms(Problem(FixedSpace(found.isotropy), RELU), limit, FIRST_GOAL)
        except NoFamily:
            return False
        values = dict(zip(found.labels, larger.entries, strict=True))
        return not any((values[x].exact() - x.exact()).truncate(order) for x in lifted.entries)

    def spectrum(self, order: int, layers: int = 2, progress: Progress | None = None) -> FamilySpectrum:
        """Every Hessian eigenvalue along the family as an exact series through t**order, with its multiplicity.

        ``layers``: 2 if both layers are trained, 1 if the second is fixed at 1. Raises BadInput for other
        numbers and for orders outside -2 .. 60.
        """
        from symrelu.spectrum.along import family_spectrum
        from symrelu.spectrum.blocks import trains_second

        trains_second(layers)
        if not _is_integer(order) or not -2 <= order <= MAX_SPECTRUM_ORDER:
            raise BadInput(
                f"the order {order} was given; for a spectrum it must lie between -2 (terms in d) and "
                f"{MAX_SPECTRUM_ORDER}, an integer"
            )
        if (order, layers) not in self._spectra:
            self._spectra[order, layers] = family_spectrum(self, order, layers, progress)
        return self._spectra[order, layers]

    def at(
        self,
        d: int | str | Fraction,
        digits: int = 20,
        layers: int = 2,
        truncate: int | None = None,
        progress: Progress | None = None,
        radius: bool = False,
    ) -> Evaluation:
        """The family at one real d: entries, loss and all Hessian eigenvalues, every digit asked for right.

        Parameters: ``d``, a whole number, a Fraction, or text such as "7.25", "1e100", "29/4"; ``digits``, significant
        digits, 1 to 2000; ``layers``, 2 if both are trained, 1 if the second is fixed at 1; ``truncate``, the order of
        the series to be evaluated instead, with its true error; ``radius`` asks for an estimate of the series' radius
        of convergence too, which takes some more terms. The digits are checked by a second evaluation at higher
        precision; nothing is proved. Raises BadInput for what makes no sense, and NoFamily below the end of the path,
        saying where it ends and why.
        """
        from symrelu.paths.evaluation import evaluation

        if not isinstance(d, (int, str, Fraction)):
            raise BadInput(f"d = {d!r} was given; give a whole number, a Fraction, or text such as '7.25' or '1e100'")
        at = parse_fraction(d, "d") if isinstance(d, str) else Fraction(d)
        return evaluation(self, at, digits, layers, truncate, progress, radius)

    def thresholds(
        self,
        digits: int = 20,
        down_to: Fraction | int | None = None,
        progress: Progress | None = None,
        prove: bool = True,
    ) -> Thresholds:
        """Every d at which a Hessian eigenvalue of the family changes sign, to so many digits, each in a bracket.

        Found numerically along the path from large d down to ``down_to``, or to where a block has two rows or the path
        ends; then enclosed in balls along the certified path, with a proof that none was missed (``complete``), unless
        ``prove`` is False. Raises BadInput for digits or a bound that make no sense.
        """
        from symrelu.paths.thresholds import thresholds

        lowest = None if down_to is None else Fraction(down_to)
        found = thresholds(self, digits, lowest, progress)
        if not prove:
            return found
        from symrelu.proof.sign_changes import sign_changes
        from symrelu.proof.thresholds import with_proof

        return with_proof(found, sign_changes(self.prover(), digits, lowest, progress))

    def path(self, progress: Progress | None = None) -> Path:
        """The path a(d), d real: points to any precision, where it ends (``path().end()``), its series' radius."""
        from symrelu.paths.path import Path

        if self._path is None:
            self._path = Path(self, progress, lambda name: family(name).path())
        return self._path

    def prover(self) -> Prover:
        """What proves things about this family in ball arithmetic; it keeps the certified path it has computed."""
        from symrelu.proof.prover import Prover

        if self._prover is None:
            self._prover = Prover(self)
        return self._prover

    def certify(
        self,
        d: Fraction | int | None = None,
        *,
        from_d: Fraction | int | None = None,
        digits: int = 15,
        order: int | None = None,
        progress: Progress | None = None,
    ) -> Certificate:
        """A proof that this family, followed from d = infinity, exists at ``d`` (or for every real d >= ``from_d``),
        and its index there.

        Parameters: one of ``d`` and ``from_d``, a rational number; ``digits`` of the entries' enclosure; ``order`` N
        of the remainder |a_i - (terms through t**N)| <= c t**(N+1) that a proof for all d >= from_d comes with
        (default 6). Returns a certificate whose verdict is "minimum", "saddle", "index changes", "degenerate" or
        "undecided"; the first two are proved. Raises BadInput where a block size is meaningless.
        """
        if (d is None) == (from_d is None):
            raise BadInput("give either d, for one dimension, or from_d, for all real dimensions from there on")
        if not 1 <= digits <= MAX_DIGITS:
            raise BadInput(f"{digits} digits were asked for; give a number between 1 and {MAX_DIGITS}")
        if d is not None:
            if order is not None:
                raise BadInput(f"the order {order} was given, but a remainder belongs to all d >= from_d; leave it out")
            return self.prover().at(Fraction(d), digits, progress)
        assert from_d is not None
        return self.prover().from_d(Fraction(from_d), digits, 6 if order is None else order, progress)

    def loss_expression(self) -> Expression:
        """The reduced loss as an exact expression in a_1, a_2, ... and d, in the paper's notation."""
        from symrelu.model.expression import loss_expression

        return loss_expression(self.problem)

    def gradient_expression(self) -> Expression:
        """The paper's F: the gradient of the reduced loss, as exact expressions in a_1, a_2, ... and d."""
        from symrelu.model.expression import gradient_expression

        return gradient_expression(self.problem)

    def multiplicity(self) -> Count:
        """The number of distinct critical points that permuting rows and columns makes of one: |S_k x S_d|
        / |isotropy|.
        """
        return multiplicity(self.actual)

    def series(self, order: int, progress: Progress | None = None) -> FamilySeries:
        """All coefficients of t**0 .. t**order of the entries and the loss, t = d**(-1/2): exact, and proved
        by substitution.

        Raises BadInput for an order that is negative or above 200; NoFamily if there is no such family.
        """
        if not _is_integer(order) or not 0 <= order <= MAX_ORDER:
            raise BadInput(
                f"the order {order} was given; it must lie between 0 and {MAX_ORDER}, an integer "
                "(2a takes 1 s to t**18, 3 s to t**38, minutes beyond t**80)"
            )
        lifted = self.lifted(max(order + 1, (order + 8) // 2, FIRST_GOAL), progress)
        loss = loss_series(self.problem, lifted, order + 1)
        entries = [x if x.is_exact else x.truncate(order + 1) for x in lifted.entries]
        field = smallest_field(lifted.field, [c for x in (*entries, loss) for c in x.coefficients])
        return FamilySeries(
            family=self.name,
            asked=self.key.isotropy,
            limit=self.key.limit,
            actual=self.actual,
            equal_entries=self.equal_entries,
            order=order,
            field=field,
            entries={name: x.over(field) for name, x in zip(self.space.names, entries, strict=True)},
            loss=loss.over(field),
            multiplicity=self.multiplicity(),
            proof=lifted.proof.statement(),
        )


def families() -> list[Family]:
    """The named families, in the order of Theorem 1."""
    from symrelu.catalogue import NAMED

    return [family(entry.name) for entry in NAMED]


def _is_integer(x: object) -> bool:
    """Whether x is an integer of Python or NumPy; True and False are none."""
    return isinstance(x, Integral) and not isinstance(x, bool)


__all__ = ["MAX_ORDER", "Family", "families", "family"]
