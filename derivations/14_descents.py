# %% [markdown]
# # What gradient descent finds at d = 20
#
# The families that symrelu derives are lines of critical points, one for each large $d$. Which of them does an
# optimiser meet? Here plain gradient descent with a fixed step of $4/d$ is run 200 times from random starts at
# $d = 20$, for $k = d$ neurons and for one neuron more: $w_{ij}$ independent $N(0, 1/d)$, the second layer fixed at 1,
# the target $V = I_d$. A run ends at a minimum that is verified (see `symrelu.reference.descent`), polished to a
# gradient below $10^{-12}$, and typed by its isotropy group; none of this shares code with the engine.
#
# The results are recorded in `tests/reference/data`. This script repeats three runs of the record, reads the tables off
# it, and compares them with the families. To make the record again (some five minutes of one core), and to match its
# minima with the families that the engine has, for both sizes or for one:
#
#     python derivations/14_descents.py --record
#     python derivations/14_descents.py --match 20

# %%
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

import symrelu
from symrelu.growing import with_one_row_more
from symrelu.reference.descent import descents, symmetry, xavier

DATA = Path(symrelu.__file__).parents[1] / "tests" / "reference" / "data"
D, RUNS, SEED, BOTH = 20, 200, 1, 20
SIZES = {20: DATA / "descents-20-20.json", 21: DATA / "descents-21-20.json"}
# a notebook has arguments that are none of ours
TASK = sys.argv[1] if sys.argv[1:2] in (["--record"], ["--match"]) else None
CHOSEN = [int(x) for x in sys.argv[2:]] or list(SIZES) if TASK else []


def described(run, end):
    """What the record holds of a run."""
    found = symmetry(end.weights)
    row = {"run": run, "steps": end.steps, "kind": end.kind, "type": found.label, "loss": end.loss}
    return row | {"gradient_norm": end.gradient_norm, "smallest": end.smallest, "digest": found.digest}, found


def made(k, runs, both_layers):
    """Runs 0, 1, ... with k neurons, as rows of the record, and one symmetry for each digest."""
    begin = time.monotonic()
    done = []

    def progress(run, end):
        done.append(run)
        print(f"k = {k}: {len(done)} of {runs} runs after {time.monotonic() - begin:.0f} s", file=sys.stderr)

    starts = np.array([xavier(k, D, SEED, run) for run in range(runs)])
    rows, types = [], {}
    for run, end in enumerate(descents(starts, both_layers=both_layers, progress=progress)):
        row, found = described(run, end)
        rows.append(row)
        types.setdefault(found.digest, found)
    return rows, types


def tabulated(rows, types):
    """The runs by the minima that they end in, ascending by loss; all networks of zero loss together."""
    table = []
    for digest, count in Counter(row["digest"] if row["kind"] == "minimum" else "target" for row in rows).items():
        mine = [row for row in rows if digest in (row["digest"], row["kind"])]
        entry = {"kind": mine[0]["kind"], "count": count, "loss": mine[0]["loss"]}
        if digest != "target":
            found = types[digest]
            # a digest is taken of six decimals: they must not hang on the rounding of floats
            assert all(abs(abs(x * 1e6 % 1) - 0.5) > 1e-4 for x in found.entries)
            entry |= {"type": found.label, "digest": digest, "smallest": mine[0]["smallest"]}
            entry |= {"blocks": found.blocks, "rows": found.rows, "signs": found.signs, "entries": found.entries}
        table.append(entry)
    return sorted(table, key=lambda entry: entry["loss"])


def candidates(k, entry):
    """Families that may pass through a minimum, with the arguments of symrelu.family: either block may be growing."""
    if len(entry["blocks"]) != 2:
        return
    for own, other in ((0, 1), (1, 0)):
        m = entry["blocks"][other]
        arguments = {"blocks": f"d-{m},{m}", "limit": ",".join([entry["signs"][own], entry["signs"][other]])}
        family = symrelu.family(**arguments)
        if k == D:
            yield arguments, family
        else:
            # one neuron more: what becomes of the family of k = d when a small row is added
            for one in with_one_row_more(family).families:
                yield arguments | {"rows": "1,2,*", "branch": one.key.branch}, one


def matched(k, table):
    """The table, each minimum with a family that has its loss to nine digits at d = 20, or None.

    With one neuron more the numbers that the family's leading system is set up from are kept as well: the tests derive
    the family from them, without a search.
    """
    for entry in table:
        if entry["kind"] == "target":
            continue
        entry["family"] = None
        try:
            for arguments, family in candidates(k, entry):
                loss = float(family.at(D).loss.value)
                if abs(loss - entry["loss"]) < 1e-9 * loss:
                    entry["family"] = arguments
                    if family.start.guide is not None:
                        entry["guide"] = family.start.guide.to_json()
                    break
        except symrelu.errors.SymreluError as error:
            print(f"{entry['type']}: {error}", file=sys.stderr)
        print(f"{entry['type']}: {entry['family']}", file=sys.stderr)
    return table


def written(path, record):
    """Write a record, a run and a type a line; whole or not at all."""
    lists = {
        name: "[\n" + ",\n".join(json.dumps(x) for x in record[name]) + "\n]"
        for name in ("types", "runs", "both_layers")
    }
    head = {name: value for name, value in record.items() if name not in lists}
    text = json.dumps(head)[:-1] + "".join(f',\n"{name}": {value}' for name, value in lists.items()) + "\n}\n"
    assert json.loads(text)["runs"] == record["runs"]
    path.parent.mkdir(exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)


for k in CHOSEN:
    if TASK == "--record":
        rows, types = made(k, RUNS, False)
        both, _ = made(k, BOTH, True)
        record = {"format": 1, "k": k, "d": D, "seed": SEED, "start": "xavier: N(0, 1/d)", "step": 4 / D}
        record |= {"types": tabulated(rows, types), "runs": rows, "both_layers": both}
        # the families belong to the engine, and are looked for by --match
        record["types"] = [entry | {"family": None} for entry in record["types"]]
    else:
        record = json.loads(SIZES[k].read_text(encoding="utf-8"))
        record["types"] = matched(k, record["types"])
    written(SIZES[k], record)

# %% [markdown]
# ## 1. Three runs again
#
# A run is a function of its number, so any of them can be repeated. Two starts with $k=20$ and one with $k=21$ that
# lead to the target, to a spurious minimum of two blocks, and to one with an extra neuron.

# %%
RECORDS = {k: json.loads(path.read_text(encoding="utf-8")) for k, path in SIZES.items()}
for k, run in ((20, 0), (20, 7), (21, 1)):
    [end] = descents(np.array([xavier(k, D, SEED, run)]))
    row, _ = described(run, end)
    recorded = RECORDS[k]["runs"][run]
    print(f"k = {k}, run {run}: {row['kind']}, loss {row['loss']:.9f} after {row['steps']} steps, {row['type']}")
    assert (row["kind"], row["type"], row["digest"]) == tuple(recorded[x] for x in ("kind", "type", "digest"))
    assert abs(row["loss"] - recorded["loss"]) < 1e-12

# %% [markdown]
# ## 2. The tables
#
# A minimum is listed with the number of runs, its loss, the smallest eigenvalue of the first-layer Hessian, its
# isotropy type with the signs of the diagonal, and the family of the engine that it belongs to. With $k=20$ neurons all
# but one of the spurious minima have two blocks; that of three, $\Delta(S_6\times S_1\times S_{13})$, is in Safran and
# Shamir's data too, and belongs to no family $d\to\infty$. The blocks `12,8` and `11,9` (twice) belong to families
# `d-m,m` with limit `-,+`: for large $d$ the *small* block is the positive one.
#
# With $k=21$ nearly half of the runs reach the target: one neuron dies, or splits off a part of another. Every spurious
# minimum has two blocks and a fixed row, with $m=2,\dots,9$ negative entries on the diagonal, and none has $m=1$.

# %%
for k, record in RECORDS.items():
    print(f"k = {k}, d = {D}, {len(record['runs'])} runs")
    for entry in record["types"]:
        if entry["kind"] == "target":
            print(f"  {entry['count']:3}  loss 0")
            continue
        family = entry["family"]
        name = "no family yet" if family is None else " ".join(f"{key} {value}" for key, value in family.items())
        print(f"  {entry['count']:3}  loss {entry['loss']:.9f}  {entry['smallest']:.5f}  {entry['type']}: {name}")
    assert sum(entry["count"] for entry in record["types"]) == len(record["runs"]) == RUNS
    assert all(entry["smallest"] > 0 for entry in record["types"] if entry["kind"] == "minimum")

# %% [markdown]
# ## 3. The families
#
# Two of the minima against the engine, which knows the families from $d=\infty$: not only the loss agrees, every entry
# does.

# %%
for entry in RECORDS[20]["types"]:
    if entry.get("family") in ({"blocks": "d-1,1", "limit": "+,-"}, {"blocks": "d-9,9", "limit": "-,+"}):
        point = symrelu.family(**entry["family"]).at(D)
        ours = sorted(float(x.value) for x in point.entries.values())
        print(entry["family"], float(point.loss.value))
        assert abs(float(point.loss.value) - entry["loss"]) < 1e-12
        assert np.allclose(ours, sorted(entry["entries"]), rtol=0, atol=1e-10)

# %% [markdown]
# ## 4. Both layers
#
# The first 20 starts of either size with the second layer trained too, from $\alpha=1$. By homogeneity the critical
# points are the same up to the scale of the neurons; that a descent finds no others is an observation.

# %%
for k, record in RECORDS.items():
    known = {entry["digest"] for entry in record["types"] if entry["kind"] == "minimum"}
    found = Counter(row["type"] for row in record["both_layers"])
    print(f"k = {k}, both layers: {dict(found)}")
    assert all(row["kind"] == "target" or row["digest"] in known for row in record["both_layers"])
