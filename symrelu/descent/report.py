"""The types found by a training, as a table and in sentences: text or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from symrelu.columns import aligned, markdown
from symrelu.descent.found_types import MinimumType, TypesAt
from symrelu.descent.frequencies import FALLS, STAYS, Comparison, Frequencies

Form = Literal["text", "markdown"]
LEAST_P = 0.05  # of all comparisons together (Bonferroni)
HEADS = ("family", "count", "share", "95%", "loss", "class", "smallest", "multiplicity", "by it", "isotropy", "line")


def report(found: Frequencies, form: Form = "text") -> str:
    """The table of types, for several d with a summary for each, and what follows from the counts."""
    several = len(found.tables) > 1
    footnotes: list[str] = []
    rows: list[tuple[str, ...]] = [(*(("d",) if several else ()), *HEADS)]
    for table in found.tables:
        for one in table.types:
            rows.append((*((str(table.d),) if several else ()), *_row(one, footnotes)))
    parts = [_heading(found), _table(rows, form)]
    if footnotes:
        parts.append(_list([f"[{i}] {note}" for i, note in enumerate(footnotes, 1)], form))
    if several:
        parts.append(_table(_summary(found), form))
    parts.append(_list(_sentences(found), form))
    compared = found.comparisons()
    if compared:
        parts += [_table(_comparisons(compared, several), form), _list([_agreement(compared)], form)]
    return "\n\n".join(part for part in parts if part)


def _heading(found: Frequencies) -> str:
    training, first = found.training, found.tables[0]
    k = str(training.k).replace(" ", "")
    where = f"d = {first.d}" if len(found.tables) == 1 else f"d = {first.d} .. {found.tables[-1].d}"
    trained = "both layers" if training.layers == 2 else "the first layer"
    how = {"gd": "gradient descent", "sgd": "SGD on fresh inputs, then gradient descent,"}[training.method]
    group = f" (symmetry {first.symmetry})" if len(found.tables) == 1 else ""
    kernel = "" if training.setting.kernel.name == "relu" else f", kernel {training.setting.kernel.name}"
    return (
        f"{where}, k = {k if k != str(first.k) else first.k}: {training.runs} runs each of {how} on {trained} from "
        f"{training.start}, seed {training.seed}; target {first.target}{group}{kernel}"
    )


def _row(one: MinimumType, footnotes: list[str]) -> tuple[str, ...]:
    what, (low, high) = one.what, one.interval
    name = one.name + (" (degenerate)" if one.kind == "critical" else "")
    remark = what.reason or ("" if what.family else "; ".join(what.notes))
    if remark:
        if remark not in footnotes:
            footnotes.append(remark)
        name += f" [{footnotes.index(remark) + 1}]"
    limit = "" if what.limit in (None, "0") else f" ({what.limit})"
    return (
        name,
        str(one.count),
        _percent(one.share),
        f"{100 * low:.1f} - {100 * high:.1f}%",
        "0" if what.is_global else f"{what.loss:.9f}",
        "0" if what.is_global else "?" if what.loss_class is None else what.loss_class + limit,
        "" if one.smallest is None else f"{_rounded(one.smallest):.5f}",
        "" if what.multiplicity is None else _number(what.multiplicity),
        "" if one.predicted is None else _percent(one.predicted),
        what.isotropy + ("" if what.broken is None else ", kept" if what.broken == 1 else ""),
        what.type,
    )


def _summary(found: Frequencies) -> list[tuple[str, ...]]:
    correlation = dict(found.correlations())
    rows: list[tuple[str, ...]] = [
        ("d", "k", "runs", "global", FALLS, STAYS, "no family", "unfinished", "mean loss", "of spurious", "rank corr.")
    ]
    for table in found.tables:
        count = dict.fromkeys(("0", FALLS, STAYS), 0)
        for one in table.types:
            if one.what.loss_class in count:
                count[one.what.loss_class] += one.count
        other = table.runs - table.unfinished - sum(count.values())
        mean, error = table.mean_loss
        bad = table.mean_bad_loss
        rows.append(
            (
                str(table.d),
                str(table.k),
                str(table.runs),
                *(_percent(x / table.runs) for x in count.values()),
                str(other),
                str(table.unfinished),
                f"{mean:.6f} +- {error:.6f}",
                "" if bad is None else f"{bad[0]:.6f} +- {bad[1]:.6f}",
                f"{correlation[table.d]:+.2f}" if table.d in correlation else "",
            )
        )
    return rows


def _sentences(found: Frequencies) -> list[str]:
    lines = []
    unfinished = sum(table.unfinished for table in found.tables)
    lines.append(f"{unfinished} runs did not end within the steps allowed" if unfinished else "every run ended")
    if len(found.tables) == 1:
        lines[0] += "; " + _losses(found.tables[0])
    favour = found.favour()
    if favour.falls + favour.stays:
        lines.append(
            f"of {favour.falls + favour.stays} spurious ends in families, {favour.falls} are of the class Theta(1/d) "
            f"and {favour.stays} of Theta(1); if both were as likely, so many of the first had {_p(favour.p)}"
        )
    for pair in found.pairs():
        lines.append(
            f"{pair.first} and {pair.second} have one multiplicity, and both are minima: met {pair.counts[0]} and "
            f"{pair.counts[1]} times ({_p(pair.p)} if as likely)"
        )
    hidden = found.hidden()
    if hidden:
        lines.append(
            "minima of the other class: "
            + "; ".join(f"{name} in {n} of {runs} runs (below {_percent(b)})" for name, n, runs, b in hidden)
        )
    rises = found.expected_loss_rises()
    if rises is not None:
        difference, error, p = rises
        low, high = found.tables[0].d, found.tables[-1].d
        lines.append(
            f"the mean loss at convergence {'rises' if difference > 0 else 'falls'} from d = {low} to d = {high} by "
            f"{abs(difference):.6f} +- {error:.6f} ({_p(p)} of no rise)"
        )
    correlations = found.correlations()
    if correlations:
        mean = sum(rho for _, rho in correlations) / len(correlations)
        lines.append(
            f"rank correlation of counts with multiplicities: {mean:+.2f}"
            + (f" on average over {len(correlations)} d's" if len(correlations) > 1 else "")
        )
    broken = [one for table in found.tables for one in table.types if (one.what.broken or 0) > 1]
    kept = [one for table in found.tables for one in table.types if one.what.broken == 1 and not one.what.is_global]
    if broken or kept:
        lines.append(
            f"symmetry: {sum(x.count for x in broken)} ends break it (their isotropy is a proper subgroup of the "
            f"target's group), {sum(x.count for x in kept)} spurious ends keep all of it"
        )
    return lines


def _losses(table: TypesAt) -> str:
    mean, error = table.mean_loss
    bad = table.mean_bad_loss
    spurious = "" if bad is None else f", over the {table.bad} spurious ends {bad[0]:.6f} +- {bad[1]:.6f}"
    return f"mean loss {mean:.6f} +- {error:.6f}{spurious}"


def _comparisons(compared: Sequence[Comparison], several: bool) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("d", "ends", "ours", "published", "p", "source")]
    for x in compared:
        ours, theirs = f"{x.ours} of {x.runs}", f"{x.theirs} of {x.their_runs}"
        shares = (_percent(x.ours / x.runs), _percent(x.theirs / x.their_runs))
        rows.append((str(x.d), x.what, f"{ours} ({shares[0]})", f"{theirs} ({shares[1]})", f"{x.p:.2g}", x.source))
    return rows


def _agreement(compared: Sequence[Comparison]) -> str:
    level = LEAST_P / len(compared)
    apart = [x for x in compared if x.p < level]
    if not apart:
        return f"none of {len(compared)} comparisons differs significantly (p < {level:.2g} each, {LEAST_P} together)"
    which = ", ".join(f"{x.what} at d = {x.d} ({x.source})" for x in apart)
    return f"{len(apart)} of {len(compared)} comparisons differ significantly (p < {level:.2g}): {which}"


def _percent(x: float) -> str:
    return f"{100 * x:.1f}%"


def _p(p: float) -> str:
    return "p < 1e-99" if p < 1e-99 else f"p = {p:.2g}"


def _rounded(x: float) -> float:
    return 0.0 if abs(x) < 5e-6 else x


def _number(n: int) -> str:
    return str(n) if n < 10**9 else f"{n:.3e}"


def _table(rows: Sequence[Sequence[str]], form: Form) -> str:
    return "\n".join(markdown(rows) if form == "markdown" else aligned(rows))


def _list(lines: Sequence[str], form: Form) -> str:
    return "\n".join(f"* {line}" if form == "markdown" else line for line in lines)


__all__ = ["report"]
