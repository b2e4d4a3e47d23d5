"""A family of critical points: the object users hold. Its series, isotropy and multiplicity hang off it, computed
when asked for.

>>> import symrelu
>>> print(symrelu.family("1b").series(2).entries["a_2"])
2*t**2 + O(t**3)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from numbers import Integral
from typing import TYPE_CHECKING, Any

from symrelu.catalogue import FamilyKey, check_searched, choose, limit_words, name_of
from symrelu.errors import BadInput, NoFamily
from symrelu.exact.parse import parse_fraction
from symrelu.model.permutations import PointIsotropy
from symrelu.model.reduced import Problem
from symrelu.model.row_symmetry import Orbits, points_along
from symrelu.model.setting import PAPER, Setting
from symrelu.series.isotropy import proved_isotropy
from symrelu.series.leading import FIRST_GOAL, Start
from symrelu.series.lifting import Lifted, Progress
from symrelu.series.lifts import Lifts, working_bits_of
from symrelu.symmetry.actual import ActualIsotropy
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.multiplicity import Count

MAX_ORDER = 200
MAX_SPECTRUM_ORDER = 60
MAX_DIGITS = 1000

if TYPE_CHECKING:
    from symrelu.model.expression import Expression
    from symrelu.paths.evaluation_result import Evaluation
    from symrelu.paths.path import Path
    from symrelu.paths.threshold_result import Thresholds
    from symrelu.proof.certificate import Certificate
    from symrelu.proof.prover import Prover
    from symrelu.results import FamilySeries
    from symrelu.spectrum.result import FamilySpectrum


def family(
    name: str | None = None,
    *,
    blocks: str | None = None,
    rows: str | None = None,
    cols: str | None = None,
    limit: str | None = None,
    branch: int | None = None,
    setting: Setting = PAPER,
) -> Family:
    """The family of critical points with that name, or with that isotropy type and limit.

    Parameters: ``name``, a case of Theorem 1 (``1a 1b 2a 2b 3a 3b 4``) or ``blocks:limit``; or ``blocks`` (sizes
    affine in d, such as ``d-4,4``), ``rows`` and ``cols`` (their orbits) and
    ``limit`` (the signs of diag W at d = infinity, ``+,-``, or coordinates, ``a_1=1,a_5=-1``). ``branch`` counts
    the families over one limit from 1, or, without a limit, all families of the type that a search finds.
    ``setting``: kernel, target and second layers (:class:`symrelu.model.setting.Setting`).

    Raises BadInput for words that make no sense, with a line of advice. Whether there is such a family is found
    out when it is first computed with.
    """
    key = choose(name, blocks, rows, cols, limit, branch, setting)
    check_searched(key.isotropy)
    return Family(key)


class Family:
    """One family a(d) of critical points of the loss restricted to Fix(G), for d near infinity.

    Parameters: ``key``, what singles it out; ``start``, its leading terms, where they have been found already.
    """

    def __init__(self, key: FamilyKey, start: Start | None = None) -> None:
        self.key = key
        self.space = FixedSpace(key.isotropy)
        self.problem = key.setting.problem(self.space)
        self._start = start
        self._lifts: Lifts | None = None
        self._point: PointIsotropy | None = None
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
        if not self.key.setting.is_default or not self._is_regular:
            return None
        limit = [self.limit[i] for i in self.actual.sources]
        if not self.actual.is_young or any(x is None for x in limit):
            return None
        return name_of(self.actual.isotropy, [x for x in limit if x is not None])

    @property
    def _is_regular(self) -> bool:
        """Whether this is a = limit + O(1/d): over the limits of the named families there is one such family."""
        r = self.start.ramification
        return all(
            not x[k] for x in self.start.entries for k in range(1, r) if self.start.exact or k < self.start.known
        )

    @property
    def limit(self) -> tuple[Fraction | None, ...]:
        """The limits of a_1, a_2, ... at d = infinity; None where one is no rational number."""
        from symrelu.finding.starts import limits_of

        return self.key.limit if self.key.limit is not None else limits_of(self.start)[: self.space.dim]

    def limit_text(self) -> str:
        """The limit as the command line takes it, constants without exact form with "~"."""
        if all(x is not None for x in self.limit):
            return replace(self.key, limit=tuple(x for x in self.limit if x is not None)).limit_text()
        return limit_words(self.limit, self.start.entries)

    def kind_at_large_d(self) -> str:
        """ "minimum", "saddle" or "degenerate" for all large d, by the signs of the Hessian's eigenvalue branches, the
        zeros that symmetries cause (rescaling, and O(k) where the kernel has it) left out.

        Degenerate: a branch vanishes as far as it was computed, beyond those zeros. Raises Undecided or
        TruncatedTooSoon where branches are not told apart.
        """
        from symrelu.spectrum.kind import kind_at_large_d

        return kind_at_large_d(self)

    @property
    def start(self) -> Start:
        """Its leading terms. Raises NoFamily if there is no family at this limit, saying what was tried, and
        SeveralFamilies if there are several and no branch was chosen.
        """
        if self._start is None:
            from symrelu.finding.starts import chosen

            try:
                self._start = chosen(self.key, self.problem)
            except NoFamily as error:
                reason = self.no_series_reason()
                if reason is None:
                    raise
                raise NoFamily(f"{error}; {reason}") from None
        return self._start

    def no_series_reason(self) -> str | None:
        """Why the minima of a three-block type Delta(S_q x S_1 x S_{d-q-1}) are no family with a series, in one line;
        None for other types and limits (:func:`symrelu.regions.no_series_reason`).
        """
        from symrelu.regions.lines import no_series_reason, three_block_line
        from symrelu.store.kept import kept_data
        from symrelu.store.series import asked_of

        if not self.key.setting.is_default or three_block_line(self.key.isotropy) is None:
            return None
        asked = asked_of(self.key)
        return kept_data("no series", asked, lambda: [no_series_reason(self.key.isotropy, self.key.limit)])[0]

    def lifted(self, known: int, progress: Progress | None = None, bits: int = 0) -> Lifted:
        """The entries, right below t**known at least, with their proof; what was computed before is continued.

        ``bits``: with balls of so many bits for coefficients (0: exact ones, if they have an exact form).
        """
        return self._lifts_of_start.upto(known, progress, bits)

    @property
    def working_bits(self) -> int:
        """With balls of how many bits spectra and proofs are computed: 0, exactly, unless the field of the coefficients
        is of so high a degree over Q(pi) that exact arithmetic would take minutes.
        """
        return working_bits_of(self.start.field)

    @property
    def _lifts_of_start(self) -> Lifts:
        if self._lifts is None:
            self._lifts = Lifts(self.problem, self.start, self.key.label())
        return self._lifts

    @property
    def actual(self) -> ActualIsotropy:
        """The isotropy group of the critical points themselves, which may be larger than the group they were sought in.

        Entries that differ in a known coefficient are different. Entries that agree as far as they are known,
        so that the group would be larger, are *proved* equal: lifted in the fixed space of the larger group, the start
        contracts there too, so that space holds a family that starts alike, and the start belongs to one family only.
        Raises Undecided if that fails.
        """
        return self.point.actual

    @property
    def point(self) -> PointIsotropy:
        """The actual isotropy group, and the problem in its fixed space."""
        if self._point is None:
            self._point, self._equal = proved_isotropy(
                self.problem, lambda known: self.lifted(known, bits=self.working_bits), self.key.label()
            )
        return self._point

    @property
    def equal_entries(self) -> tuple[int, ...]:
        """For each coordinate the number of the first one proved equal to it (its own number unless the
        isotropy is larger than asked).
        """
        assert self.point is not None
        return self._equal

    @property
    def actual_problem(self) -> Problem:
        """The problem in the fixed space of the actual isotropy group."""
        return self.point.problem

    def in_actual(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """The coordinates in the fixed space of the actual isotropy group, from those in the one asked for."""
        return tuple(values[i] for i in self.point.sources)

    def spectrum(self, order: int, layers: int = 2, progress: Progress | None = None) -> FamilySpectrum:
        """Every Hessian eigenvalue along the family as an exact series through t**order, with its multiplicity.

        ``layers``: 2 if both layers are trained, 1 if the second is fixed at 1. Raises BadInput for other
        numbers and for orders outside -2 .. 60.
        """
        from symrelu.spectrum.along import family_spectrum
        from symrelu.spectrum.blocks import trains_second

        trains_second(layers)
        check_spectrum_order(order)
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

        prover = self.prover()
        return with_proof(found, sign_changes(prover, digits, lowest, progress), prover.lifted.proof.rests_on)

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
        from symrelu.store.expressions import kept_expression

        return kept_expression("loss", self.key.isotropy, self.key.setting, lambda: loss_expression(self.problem))

    def gradient_expression(self) -> Expression:
        """The paper's F: the gradient of the reduced loss, as exact expressions in a_1, a_2, ... and d."""
        from symrelu.model.expression import gradient_expression
        from symrelu.store.expressions import kept_expression

        key = self.key
        return kept_expression("gradient", key.isotropy, key.setting, lambda: gradient_expression(self.problem))

    def multiplicity(self) -> Count | Orbits:
        """The number of distinct critical points that the symmetries of the loss make of one: permutations of rows and
        columns that leave the loss unchanged, S_k x S_d for V = I (:mod:`symrelu.model.permutations`), and for even and
        odd activations changes of sign of rows (:mod:`symrelu.model.row_symmetry`).

        Raises Undecided where a change of sign may leave the point unchanged up to a permutation.
        """
        lifted = self.lifted(FIRST_GOAL, bits=self.working_bits)
        entries = [x if lifted.known is None else x.exact().truncate(lifted.known) for x in lifted.entries]
        return points_along(self.problem, self.actual, entries, lifted.field, lifted.ramification)

    def series(self, order: int, progress: Progress | None = None, digits: int = 15) -> FamilySeries:
        """All coefficients of t**0 .. t**order of the entries and the loss, t = d**(-1/ramification), proved by
        substitution: exact, or balls of ``digits`` digits where they have no exact form.

        Raises BadInput for an order that is negative or above 200; NoFamily if there is no such family.
        """
        if not _is_integer(order) or not 0 <= order <= MAX_ORDER:
            raise BadInput(
                f"the order {order} was given; it must lie between 0 and {MAX_ORDER}, an integer "
                "(2a takes 1 s to t**18, 3 s to t**38, minutes beyond t**80)"
            )
        if not 1 <= digits <= MAX_DIGITS:
            raise BadInput(f"{digits} digits were asked for; give a number between 1 and {MAX_DIGITS}")
        from symrelu.finding.keeping import start_json
        from symrelu.results_along import family_series
        from symrelu.store.keys import digest
        from symrelu.store.series import kept_series

        start = digest(start_json(self.start)) if self.key.limit is None else None  # its number depends on the search
        return kept_series(self.key, order, lambda: family_series(self, order, progress, digits), digits, start)


def families() -> list[Family]:
    """The named families, in the order of Theorem 1."""
    from symrelu.catalogue import NAMED

    return [family(entry.name) for entry in NAMED]


def check_spectrum_order(order: int) -> None:
    """Raise BadInput for an order that a spectrum cannot have: outside -2 .. 60."""
    if not _is_integer(order) or not -2 <= order <= MAX_SPECTRUM_ORDER:
        raise BadInput(
            f"the order {order} was given; for a spectrum it must lie between -2 (terms in d) and "
            f"{MAX_SPECTRUM_ORDER}, an integer"
        )


def _is_integer(x: object) -> bool:
    """Whether x is an integer of Python or NumPy; True and False are none."""
    return isinstance(x, Integral) and not isinstance(x, bool)


__all__ = ["MAX_ORDER", "Family", "families", "family"]
