"""lattice and identify: the contract's JSON, files in and out, refusals in one line."""

import importlib.util
import io
import json
from collections.abc import Callable
from pathlib import Path

import networkx
import numpy as np
import pytest
from click.testing import Result

Good = Callable[..., str]
Run = Callable[..., Result]
Refusal = Callable[[int, str, str], str]


def test_lattice_writes_what_the_contract_says(good: Good) -> None:
    data = json.loads(good("lattice", "--d", "3", "--format", "json"))
    assert len(data["types"]) == 12 and [t["id"] for t in data["types"]] == list(range(12))
    groups = {t["group"]: t for t in data["types"]}
    assert groups["Delta(S_2 x S_1)"]["dim_fix"] == 5 and groups["Delta(S_2 x S_1)"]["families"] == [
        "2a",
        "2b",
        "3a",
        "3b",
    ]
    assert groups["Delta S_3"]["isotropy"] == {"blocks": ["d"], "rows": [1], "cols": [1]}
    assert all(data["types"][i]["dim_fix"] > data["types"][j]["dim_fix"] for i, j in data["inclusions"])
    assert [groups["1"]["id"], groups["Delta(S_2 x S_1)"]["id"]] in data["inclusions"]


def test_rows_and_columns_of_different_number(good: Good) -> None:
    text = good("lattice", "--d", "3", "--k", "2")
    assert "k = 2, d = 3" in text and "complete: all 7 classes, of 13 isotropy subgroups" in text
    assert "any d" in good("lattice", "--symbolic", "--max-block", "1")
    assert good("lattice", "--d", "d", "--k", "d+1", "--max-block", "1", "--separate").count("\n") == 12
    assert "order" not in good("lattice", "--d", "3", "--young").split("\n", 3)[3]


def test_graphml_comes_back(good: Good) -> None:
    graph = networkx.read_graphml(io.StringIO(good("lattice", "--d", "3", "--format", "graphml")), node_type=int)
    data = json.loads(good("lattice", "--d", "3", "--format", "json"))
    assert sorted(map(list, graph.edges)) == data["inclusions"]
    assert [graph.nodes[t["id"]]["dim_fix"] for t in data["types"]] == [t["dim_fix"] for t in data["types"]]


def test_families_of_a_sweep_are_shown(good: Good, tmp_path: Path) -> None:
    lines = [
        {"task": "x", "blocks": "d-1,1", "rows": "1,2", "cols": "1,2", "limit": "+,-", "branch": 1, "kernel": "relu"},
        {"task": "x", "blocks": "d-1,1", "rows": "1,2", "cols": "1,2", "limit": "+,-", "branch": 2, "kernel": "abs"},
        {"task": "x", "blocks": "d-2,2", "rows": "1,2", "cols": "1,2", "limit": "a_1=1,a_5~0.25", "branch": 1},
        {"task": "x", "blocks": "d-1,1", "rows": "1,2,*", "cols": "1,2", "limit": "a_1=1", "branch": 1},
        {"task": "x", "blocks": "d-1,1", "limit": None, "done": True},
    ]
    path = tmp_path / "families.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + '\n{"task": "cut o')
    data = json.loads(good("lattice", "--d", "d", "--max-block", "2", "--families", str(path), "--format", "json"))
    living = {t["group"]: t["families"] for t in data["types"]}
    assert living["Delta(S_{d-1} x S_1)"] == ["2a", "2b", "+,- #2 abs"]
    assert living["Delta(S_{d-2} x S_2)"] == ["3a", "3b", "a_1=1,a_5~0.25"]
    extra = json.loads(good("lattice", "--d", "3", "--k", "4", "--families", str(path), "--format", "json"))
    assert {t["group"]: t["families"] for t in extra["types"] if t["families"]} == {"Delta(S_2 x S_1)": ["a_1=1"]}


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="drawing needs matplotlib")
def test_the_diagram_is_written(good: Good, tmp_path: Path) -> None:
    text = good("lattice", "--d", "3", "--figure", str(tmp_path / "lattice.pdf"))
    assert "12 classes" in text and (tmp_path / "lattice.pdf").read_bytes().startswith(b"%PDF")


def test_identify_writes_what_the_contract_says(good: Good, tmp_path: Path) -> None:
    path = str(tmp_path / "W.npy")
    good("evaluate", "2a", "--d", "6", "--digits", "12", "--layers", "1", "--save", path)
    W = np.load(path)
    order = np.random.default_rng(0).permutation(6)
    np.save(path, W[order])
    data = json.loads(good("identify", path, "--format", "json"))
    assert (data["family"], data["type"]) == ("2a", "--blocks d-1,1 --limit +,-")
    assert data["isotropy"] == {
        "group": "Delta(S_5 x S_1)", "order": "120", "extra": 1,
        "blocks": ["d - 1", "1"], "rows": [1, 2], "cols": [1, 2],
    }  # fmt: skip
    assert float(data["distance"]) < 1e-10
    rows, cols = ([i - 1 for i in data[key]] for key in ("row_order", "column_order"))
    assert float(data["entries"]["a_5"]) == pytest.approx(W[order][rows][:, cols][5, 5])


def test_identify_prints_the_block_form(good: Good, tmp_path: Path) -> None:
    (tmp_path / "W.csv").write_text("6,4\n1,1\n4,6\n")
    text = good("identify", str(tmp_path / "W.csv"))
    assert "isotropy  Delta S_2, order 2" in text and "type      --blocks d --rows 1,* --cols 1" in text
    assert "A_d(a_1, a_2)" in text and "a_3 = 1" in text and "rows in the order     1 3 2" in text
    assert "family    none of those tried" in text and "none of this type was tried" in text


BAD = {
    "no d": (("lattice",), "give a number, such as --d 4, or --d d"),
    "d = 0": (("lattice", "--d", "0"), "at least one of each"),
    "d too large": (("lattice", "--d", "6"), "--d d for the Young-type groups at every d"),
    "d huge": (("lattice", "--d", "1" + "0" * 30), "--d d for the Young-type groups at every d"),
    "d no number": (("lattice", "--d", "x"), "try d-4"),
    "d a fraction": (("lattice", "--d", "3.5"), "must be a whole number"),
    "d another symbol": (("lattice", "--d", "d-1"), "must be a whole number"),
    "k with a symbol": (("lattice", "--d", "4", "--k", "d"), "must be a whole number"),
    "k = 2d": (("lattice", "--d", "d", "--k", "2*d"), "such as d+1"),
    "k too small": (("lattice", "--d", "d", "--k", "d-9"), "try --k d+1"),
    "two sizes": (("lattice", "--d", "4", "--symbolic"), "give one of them"),
    "a negative block": (("lattice", "--d", "d", "--max-block", "-1"), "between 0 and 12"),
    "blocks at a number": (("lattice", "--d", "4", "--max-block", "2"), "belongs to --d d"),
    "separate at a number": (("lattice", "--d", "4", "--separate"), "belongs to --d d"),
    "young for every d": (("lattice", "--d", "d", "--young"), "leave it out"),
    "no format": (("lattice", "--d", "3", "--figure", "x.gif"), "pdf, svg, png"),
    "no sweep": (("lattice", "--d", "3", "--families", "none.jsonl"), "cannot be read"),
    "no matrix": (("identify", "none.npy"), "cannot be read: No such file"),
    "another ending": (("identify", "W.txt"), "try W.npy"),
    "a tolerance below 0": (("identify", "W.csv", "--tol", "-1"), "such as 1e-6"),
    "a tolerance of nan": (
        ("identify", "W.csv", "--tol", "nan"),
        "--tol was given as 'nan'; give an integer, a decimal",
    ),
    "an infinite tolerance": (("identify", "W.csv", "--tol", "1e999"), "which is too large"),
}


@pytest.mark.parametrize("case", BAD)
def test_refusals(case: str, run: Run, refusal: Refusal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("W.csv").write_text("1,2\n3,4\n")
    arguments, words = BAD[case]
    result = run(*arguments)
    assert words in refusal(result.exit_code, result.stdout, result.stderr)


MATRICES = {
    "": "is empty",
    "1,2\n3\n": "line 2 of 'W.csv' has 1 numbers",
    "1,x\n": "holds 'x', not a number",
    "1,nan\n": "row 1, column 2 is nan",
    "1,inf\n": "finite numbers are needed",
    "0,8e-7,1.6e-6\n": "a chain of close values",
}


@pytest.mark.parametrize("text", MATRICES)
def test_matrices_that_are_none(
    text: str, run: Run, refusal: Refusal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("W.csv").write_text(text)
    result = run("identify", "W.csv")
    assert MATRICES[text] in refusal(result.exit_code, result.stdout, result.stderr)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nonsense", "line 1 of 'f.jsonl' cannot be read: it is no JSON"),
        ("[1]", "it is no object"),
        ('{"limit": "+"}', "blocks must be text"),
        ('{"blocks": "d,1", "limit": "+"}', "sum to"),
        ('{"blocks": "d", "limit": 3}', "limit must be text"),
    ],
)
def test_files_of_families_that_are_none(
    line: str, words: str, run: Run, refusal: Refusal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("f.jsonl").write_text(line + "\n")
    result = run("lattice", "--d", "2", "--families", "f.jsonl")
    assert words in refusal(result.exit_code, result.stdout, result.stderr)
