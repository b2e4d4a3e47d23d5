"""What the papers say about training: measured by short seeded runs, ``empirical``, and the stability of minima.

Each run takes seconds; ``symrelu train`` makes longer ones. What is published by others stands beside ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Literal

from symrelu.claims.claim import Claim, Context, Outcome

if TYPE_CHECKING:
    from symrelu.descent.along import AlongDescent
    from symrelu.descent.frequencies import Frequencies

SEED, D, RUNS, SGD_RUNS, TARGET_RUNS = 1, 10, 60, 30, 30
SMALLER = 6  # where Xavier initialisation finds the global minimum alone
RESTS = f"seeded runs (seed {SEED}), small: they show the size of the effect; longer ones: symrelu train"


@cache
def _trained(d: int, runs: int, method: Literal["gd", "sgd"] = "gd", target: str = "I") -> Frequencies:
    from symrelu.descent.found_types import types_at
    from symrelu.descent.frequencies import frequencies
    from symrelu.descent.training import Training, descents

    matrix = None if target == "I" else _two_lengths(d)
    training = Training((d,), runs=runs, seed=SEED, method=method, matrix=matrix, label=target)
    return frequencies(training, [types_at(training, batches) for batches in descents(training).values()])


def _two_lengths(d: int) -> tuple[tuple[float, ...], ...]:
    """Orthogonal rows, three of length 3/2: Iso(V) = Delta(S_{d-3} x S_3)."""
    return tuple(tuple((1.0 if i < d - 3 else 1.5) * (i == j) for j in range(d)) for i in range(d))


def _counts(found: Frequencies) -> Counter[str]:
    return Counter({one.name: one.count for table in found.tables for one in table.types})


def _told(found: Frequencies) -> str:
    (table,) = found.tables
    counted = ", ".join(f"{one.name} {one.count}" for one in table.types)
    return f"{table.runs} runs at d = {table.d}: {counted}"


def _empirical(found: str, rests: str = RESTS) -> Outcome:
    return "empirical", found, "numerical", rests


# -- which minima ------------------------------------------------------------------------------------------------------


def _symmetry(claim: Claim, context: Context) -> Outcome:
    found = _trained(D, RUNS)
    (table,) = found.tables
    spurious = [one for one in table.types if not one.what.is_global]
    broken = sum(one.count for one in spurious if one.what.broken is not None and one.what.broken > 1)
    groups = ", ".join(f"{one.name} {one.what.isotropy}" for one in spurious)
    said = (
        f"{_told(found)}; of {sum(one.count for one in spurious)} spurious ends {broken} have a proper subgroup of "
        f"{table.symmetry}, the group of the global minima, as isotropy group: {groups}"
    )
    return _empirical(said)


def _dimension(claim: Claim, context: Context) -> Outcome:
    (table,) = _trained(D, RUNS).tables
    dims = {one.name: context.named(one.name).space.dim for one in table.types if one.what.family in _named()}
    rest = sum(one.count for one in table.types if one.name not in dims)
    said = ", ".join(f"{name}: {dim}" for name, dim in dims.items())
    return _empirical(f"dimensions of the fixed spaces, of {D * D}: {said}; {rest} of {table.runs} ends in others")


def _named() -> set[str]:
    from symrelu.catalogue import NAMED

    return {entry.name for entry in NAMED}


def _classes(claim: Claim, context: Context) -> Outcome:
    from symrelu.descent import public

    found = _trained(D, RUNS)
    ours = found.favour()
    theirs = Counter({what: sum(row.get(what, 0) for row in public.TYPES_2021.values()) for what in ("b", "three")})
    falls = sum(n for row in public.TYPES_2021.values() for what, n in row.items() if what.startswith("a"))
    said = (
        f"{_told(found)}: {ours.falls} spurious ends in the Theta(1/d) class, {ours.stays} in the other "
        f"(p = {ours.p:.1g} if both were as likely); {public.SOURCE_2021}, d = 6 ... 20: {falls} and {theirs['b']}"
    )
    return _empirical(said, f"{RESTS}; the published counts are data of others, split by type here")


def _expected_loss(claim: Claim, context: Context) -> Outcome:
    from symrelu.descent import public

    small, large = (_trained(d, RUNS).tables[0].mean_loss for d in (SMALLER, D))
    public_means = {d: public.BAD_2018[d] / public.RUNS_2018 * x for d, x in public.MEAN_BAD_LOSS_2018.items()}
    theirs = ", ".join(f"{x:.5f} at d = {d}" for d, x in public_means.items())
    said = (
        f"mean loss at convergence, {RUNS} runs each: {small[0]:.4f} at d = {SMALLER}, {large[0]:.4f} +- "
        f"{large[1]:.4f} at d = {D}; {public.SOURCE_2018}: {theirs}"
    )
    return _empirical(said, f"{RESTS}; the published means are shares times mean losses of their stored minima")


def _multiplicity(claim: Claim, context: Context) -> Outcome:
    found = _trained(D, RUNS)
    (table,) = found.tables
    shares = ", ".join(
        f"{one.name} {one.share:.0%} (by multiplicity {one.predicted:.1%})"
        for one in table.types
        if one.predicted is not None
    )
    rho = ", ".join(f"{rho:.2f}" for _, rho in found.correlations()) or "not defined for so few types"
    pairs = "; ".join(
        f"{x.first} and {x.second}, of one multiplicity, both minima: {x.counts[0]} and {x.counts[1]} times "
        f"(p = {x.p:.1g} if as likely)"
        for x in found.pairs()
    )
    return _empirical(f"{shares}; rank correlation of counts and multiplicities {rho}; {pairs}: no proxy here")


def _targets(claim: Claim, context: Context) -> Outcome:
    found = _trained(9, TARGET_RUNS, target="three rows of length 3/2")
    (table,) = found.tables
    said = "; ".join(f"{one.what.isotropy} {one.count} times (loss {one.what.loss:.4g})" for one in table.types)
    inside = all(one.what.broken is not None for one in table.types)
    words = f"V with {found.training.label}, Iso(V) = {table.symmetry}, {table.runs} runs at d = 9: {said}"
    return _empirical(words + ("; every group is a subgroup of Iso(V)" if inside else ""))


def _escape(claim: Claim, context: Context) -> Outcome:
    from symrelu.descent import public

    ours = _trained(D, RUNS).tables[0]
    theirs = ", ".join(f"{n / public.RUNS_2018:.1%} at d = {d}" for d, n in public.BAD_2018.items() if d % 4 == 0)
    said = (
        f"runs that end in spurious minima: {public.SOURCE_2018}: {theirs}; ours: {ours.bad} of {ours.runs} at d = {D}"
        ". That multiplicity is the reason is not shown by this"
    )
    return _empirical(said, f"{RESTS}; the published counts are data of others")


def _accessible(claim: Claim, context: Context) -> Outcome:
    first, second = claim.subject.split(",")
    found = _trained(D, SGD_RUNS, "sgd")
    counts = _counts(found)
    pair = next((x for x in found.pairs() if {x.first, x.second} == {first, second}), None)
    p = "" if pair is None else f" (p = {pair.p:.1g} if as likely)"
    said = (
        f"SGD on fresh inputs, {_told(found)}; {first} and {second} are both minima, and as many: "
        f"{counts[first]} and {counts[second]} times{p}"
    )
    return _empirical(said)


def _hidden(claim: Claim, context: Context) -> Outcome:
    from symrelu.descent.statistics import wilson

    names, runs, count = claim.subject.split(","), 0, Counter[str]()
    for found in (_trained(D, RUNS), _trained(D, SGD_RUNS, "sgd")):
        runs += found.tables[0].runs
        count += _counts(found)
    bounds = ", ".join(f"{name} {count[name]} times (below {wilson(count[name], runs)[1]:.1%})" for name in names)
    return _empirical(f"Xavier initialisation, {runs} runs of gradient descent and SGD at d = {D}: {bounds}")


def _near(claim: Claim, context: Context) -> Outcome:
    """Starts at random around the family's point, at several distances."""
    import numpy as np

    from symrelu.descent.descend import descend
    from symrelu.model.dense import DenseLoss

    point = context.named(claim.subject).at(D, layers=1)
    W, loss = point.matrix(), float(point.loss.value)
    rng, problem, runs, said = np.random.default_rng(SEED), DenseLoss(np.eye(D)), 8, []
    for distance in (1.0, 2.0, 4.0):
        noise = rng.standard_normal((runs, D, D))
        noise *= distance / np.linalg.norm(noise, axis=(1, 2), keepdims=True)
        ends = descend(problem, W + noise)
        back = sum(end.kind == "minimum" and abs(end.loss - loss) < 1e-10 for end in ends)
        said.append(f"{back} of {runs} from distance {distance:g}")
    xavier = _counts(_trained(D, RUNS))[claim.subject]
    words = f"descents that end in {claim.subject} (d = {D}, norm {np.linalg.norm(W):.2f}): {', '.join(said)}"
    return _empirical(f"{words}; {xavier} of {RUNS} from Xavier initialisation")


# -- along a descent ---------------------------------------------------------------------------------------------------


@cache
def _along(d: int) -> AlongDescent:
    from symrelu.descent.along import along_descent

    return along_descent(d, SEED, run=0, points=30)


def _clusters(claim: Claim, context: Context) -> Outcome:
    d = int(claim.subject)
    along = _along(d)
    spectra, steps = along.first, along.steps
    where = f"one descent at d = {d}, which ends in {along.end.family}"
    if claim.printed == "drive":
        said = (
            f"{where}: {along.decrease_share:.0%} of the decrease of the loss, to first order, is due to the {d * d} - "
            f"{spectra.bulk} eigenvalues of order d"
        )
        return _empirical(said)
    told = [0, *(len(steps) * i // 4 for i in (1, 2, 3)), len(steps) - 1]
    shown = ", ".join(f"{spectra.filling[i]:.2f} at step {steps[i]} (loss {along.loss[i]:.1g})" for i in told)
    return _empirical(f"{where}: widths of what become clusters, summed, over the range of the bulk: {shown}")


# -- samples and perturbed targets -------------------------------------------------------------------------------------


def _fresh(claim: Claim, context: Context) -> Outcome:
    import numpy as np

    d, n = 6, 200_000
    point = context.named(claim.subject).at(d, layers=1)
    x = np.random.default_rng(SEED).standard_normal((n, d))
    errors = np.maximum(x @ point.matrix().T, 0).sum(1) - np.maximum(x, 0).sum(1)
    halves = errors**2 / 2
    mean, error = float(halves.mean()), float(halves.std() / n**0.5)
    exact = float(point.loss.value)
    said = f"{claim.subject} at d = {d}: L = {exact:.6f}; mean over {n} fresh inputs {mean:.6f} +- {error:.6f}"
    return ("confirmed" if abs(mean - exact) < 4 * error else "refuted"), said, "numerical", RESTS


def _concentration(claim: Claim, context: Context) -> Outcome:
    from symrelu.samples.study import sample_study

    study = sample_study(context.named(claim.subject), 6, samples=4, seed=SEED, move=False)
    gradient, hessian = study.exponents["gradient"], study.exponents["autodiff_to_limit"]
    assert gradient is not None and hessian is not None
    if claim.printed == "gradient":
        power = f"{gradient.value:.2f} +- {gradient.error:.2f}"
        return _empirical(f"{claim.subject} at d = 6: |grad L_N - grad L| falls like N**({power})")
    missed = study.missed > 1e-6 * study.hessian
    errors = ", ".join(f"{row.errors['autodiff_to_population']:.2f} at N = {row.n}" for row in study.rows)
    said = (
        f"{claim.subject} at d = 6: it converges, like N**({hessian.value:.2f} +- {hessian.error:.2f}), but to H - B "
        f"with |B| = {study.missed:.3f}, |H| = {study.hessian:.3f}: |H_N - H| is {errors}; smoothed, it approaches H"
    )
    rests = "E of the almost-everywhere Hessian, proved in symrelu/descent/sample_limits.py: phi'' is lost at the kink"
    return ("refuted" if missed else "empirical"), said, "numerical", rests


def _perturbed(claim: Claim, context: Context) -> Outcome:
    from symrelu.perturbation.direction import parse_kept
    from symrelu.perturbation.path import perturbed

    d, size, said, same = 10, 0.05, [], True
    for name in claim.subject.split(","):
        path = perturbed(context.named(name), d, size, SEED, 4, keep=parse_kept(claim.printed))
        split = sum(one.measured != one.predicted for one in path.clusters)
        index = {point.negative for point in path.points}
        same = same and not split and set(path.isotropy[1:]) == {path.left} and index == {0} and path.stop is None
        largest = max(path.clusters, key=lambda one: one.multiplicity)
        parts = " + ".join(map(str, largest.measured))
        said.append(
            f"{name} at d = {d}, |V - I| to {size}: index {', '.join(map(str, sorted(index)))}, group "
            f"{path.isotropy[-1]}, {len(path.clusters) - split} of {len(path.clusters)} eigenvalues split as predicted "
            f"({largest.multiplicity} = {parts}, width {largest.spread:.2f} |V - I|)"
        )
    rests = "the restriction is exact (symrelu/symmetry/restriction.py), the path numerical, of one seed"
    return ("confirmed" if same else "refuted"), "; ".join(said), "numerical", rests


def _how_far(claim: Claim, context: Context) -> Outcome:
    from symrelu.perturbation.path import perturbed

    said = []
    for name in claim.subject.split(","):
        path = perturbed(context.named(name), 8, 2.0, SEED, 8)
        stop = path.stop
        said.append(
            f"{name}: to 2 at least" if stop is None else f"{name}: to {stop.last.eps:.4f}, where {stop.reason}"
        )
    return _empirical("; ".join(said), f"one random direction of norm 1 (seed {SEED}); symrelu perturb follows others")


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "descent_symmetry": _symmetry,
    "descent_dimension": _dimension,
    "descent_classes": _classes,
    "descent_expected_loss": _expected_loss,
    "descent_multiplicity": _multiplicity,
    "descent_targets": _targets,
    "descent_escape": _escape,
    "descent_accessible": _accessible,
    "descent_hidden": _hidden,
    "descent_near": _near,
    "descent_clusters": _clusters,
    "descent_fresh": _fresh,
    "descent_concentration": _concentration,
    "descent_perturbed": _perturbed,
    "descent_how_far": _how_far,
}
