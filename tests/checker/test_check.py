"""Verdicts: good certificates are accepted; whatever is changed in them is refused, for the right reason."""

import copy
import json
import random
import subprocess
import sys
from fractions import Fraction

import mpmath
import pytest
from flint import arb, ctx

from symrelu.checker import Unreadable, check
from symrelu.checker.certificate import read
from symrelu.checker.linear import Rejected
from symrelu.checker.middle import check_middle, middle_at, tail_at

LISTED = [
    ("1b", "1/10", "50"),
    ("2a", "1/10", "60"),
    *(pytest.param(name, "1/12", None, marks=pytest.mark.slow) for name in ("2b", "3a", "3b", "4")),
]


def value(text):
    man, _, exp = text.partition("*2**")
    return Fraction(int(man)) * Fraction(2) ** int(exp or 0)


@pytest.mark.parametrize(("name", "t_end", "d"), LISTED)
def test_good_certificates_are_accepted(certificate, name, t_end, d):
    verdict = check(certificate(name, t_end, d))
    assert verdict.accepted, verdict.reason
    assert "every real d >= " in verdict.details["statement"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["d-4,4:+,-", "d-3,3:-,+"])
def test_families_that_no_paper_lists(certificate, name):
    verdict = check(certificate(name, "1/15"))
    assert verdict.accepted, verdict.reason


def test_exact_identity(certificate):
    data = certificate("1a", "1/2", order=2)
    assert check(data).accepted
    for a in ("a_1", "a_2"):  # uniqueness in a box of positive radius, where rows are parallel to their targets
        data["tail"]["box"][a]["rad"] = "1*2**-7"
    assert check(data).accepted
    data["tail"]["box"]["a_1"]["rad"] = "64"
    assert not check(data).accepted


def test_identity_with_a_middle_piece(certificate):
    data = certificate("1a", "2/5", order=2)
    data["tail"]["box"] = {a: {"mid": "0", "rad": "1*2**-6"} for a in ("a_1", "a_2")}
    data["middle"] = [
        {
            "t_from": "2/5",
            "t_to": "1/2",
            "center": "9/20",
            "polynomial": {"a_1": ["1"], "a_2": ["0"]},
            "box": {"a_1": "1*2**-10", "a_2": "1*2**-10"},
        }
    ]
    data["claim"]["from_d"] = "4"
    verdict = check(data)
    assert verdict.accepted, verdict.reason
    data["middle"][0]["polynomial"]["a_1"] = ["1025*2**-10"]
    assert not check(data).accepted


class TestThresholds:
    @pytest.mark.parametrize(
        ("name", "good", "bad", "block"),
        [
            ("1b", "5766/1000", "5762/1000", "x1"),
            pytest.param("2a", "5587/1000", "5584/1000", "s1", marks=pytest.mark.slow),
        ],
    )
    def test_accepted_just_above_and_refused_just_below(self, prover, certificate, name, good, bad, block):
        good, bad = Fraction(good), Fraction(bad)
        assert check(certificate(name, "3/20", good, order=8)).accepted
        data = prover.with_middle(certificate(name, "3/20", order=8), bad, index=False)
        verdict = check(prover.with_claim(data, bad))
        assert not verdict.accepted
        assert f"block {block}" in verdict.reason

    def test_below_the_threshold_it_is_a_saddle_and_cannot_pass_for_a_minimum(self, prover, certificate):
        data = prover.with_middle(certificate("1b", "3/20", order=8), Fraction(5), index=False)
        honest = prover.with_point(copy.deepcopy(data), 5, {"x1": 1})
        verdict = check(honest)
        assert verdict.accepted, verdict.reason
        assert "saddle" in verdict.details["statement"]
        false = prover.with_point(copy.deepcopy(data), 5)
        verdict = check(false)
        assert not verdict.accepted
        assert "x1" in verdict.reason
        relabelled = copy.deepcopy(honest)
        relabelled["claim"]["verdict"] = "minimum"
        assert "contradicts" in check(relabelled).reason


@pytest.fixture
def good(certificate):
    return certificate("1b", "1/10", "50")


class TestTampering:
    def refused(self, data, word):
        verdict = check(data)
        assert not verdict.accepted
        assert word in verdict.reason, verdict.reason

    def test_a_gap_of_1e_12(self, good):
        start = Fraction(good["middle"][1]["t_from"])
        good["middle"][1]["t_from"] = str(start + Fraction(1, 10**12))
        self.refused(good, "gap")

    def test_a_gap_at_the_end(self, good):
        end = Fraction(good["middle"][-1]["t_to"])
        good["claim"]["from_d"] = str(1 / end**2 - Fraction(1, 10**12))
        self.refused(good, "gap")

    def test_a_missing_piece(self, good):
        del good["middle"][0]
        self.refused(good, "gap")

    @pytest.mark.parametrize("piece", [0, 1])
    def test_a_shrunk_box_of_a_middle_piece(self, good, piece):
        # the residual alone fills more than this
        box = good["middle"][piece]["box"]
        good["middle"][piece]["box"] = dict.fromkeys(box, "1*2**-90")
        self.refused(good, f"middle piece {piece + 1}")

    def test_a_tail_box_shrunk_by_two(self, good):
        for box in good["tail"]["box"].values():
            rad = value(box["rad"])
            box["rad"] = f"{int(rad / 2 * 2**60)}*2**-60"
        self.refused(good, "remainder")

    def test_a_middle_box_shrunk_by_two(self, prover, good):
        piece = good["middle"][0]
        # first to the smallest box that is still mapped into itself, within a factor of 2
        while True:
            smaller = copy.deepcopy(good)
            smaller["middle"][0]["box"] = {a: prover.dyadic(value(b) / 2) for a, b in piece["box"].items()}
            try:
                check_middle(read(smaller), 0, [])
            except Rejected:
                break
            good, piece = smaller, smaller["middle"][0]
        self.refused(smaller, "middle piece 1")

    @pytest.mark.parametrize("key", ["polynomial", "series"])
    @pytest.mark.parametrize(("name", "k"), [("a_1", 2), ("a_2", 3), ("a_1", 5)])
    def test_an_altered_coefficient(self, good, key, name, k):
        changed = f"({good['tail'][key][name][k]}) + 1/10**40"
        good["tail"][key][name][k] = changed
        self.refused(good, "beginning of the series")

    @pytest.mark.parametrize(("name", "k"), [("a_1", 2), ("a_2", 3), ("a_1", 5)])
    def test_an_altered_coefficient_in_polynomial_and_series(self, good, name, k):
        for key in ("polynomial", "series"):
            good["tail"][key][name][k] = f"({good['tail'][key][name][k]}) + 1/10**90"
        self.refused(good, "coefficients are not those")

    def test_an_altered_coefficient_of_a_middle_piece(self, prover, good):
        row = good["middle"][0]["polynomial"]["a_2"]
        row[1] = prover.dyadic(value(row[1]) + Fraction(1, 100))
        self.refused(good, "middle piece 1")

    def test_too_large_a_tail(self, good):
        good["tail"]["t_end"] = "3/10"
        good["middle"] = []
        self.refused(good, "tail")

    @pytest.mark.parametrize(
        ("component", "key", "new"), [("s1", "negative", 1), ("t", "size", 3), ("x1", "negative", 2)]
    )
    def test_wrong_counts(self, good, component, key, new):
        for entry in good["claim"]["components"]:
            if entry["component"] == component:
                entry[key] = new
        good["claim"]["verdict"] = "saddle" if key == "negative" else "minimum"
        verdict = check(good)
        assert not verdict.accepted

    def test_a_missing_component(self, good):
        good["claim"]["components"].pop()
        self.refused(good, "y1")

    def test_a_saddle_needs_a_negative_eigenvalue(self, good):
        good["claim"]["verdict"] = "saddle"
        self.refused(good, "negative eigenvalue")

    @pytest.mark.parametrize("name", ["1a", "2a", "nonsense"])
    def test_wrong_names(self, good, name):
        good["family"]["name"] = name
        self.refused(good, "famil")

    def test_another_limit(self, good):
        good["family"]["limit"]["a_1"] = "1"
        good["family"]["name"] = None
        self.refused(good, "limit")

    def test_another_type(self, certificate):
        data = certificate("3a", "1/12")
        data["family"] = {**data["family"], "name": None, "blocks": ["d - 3", "3"]}
        verdict = check(data)
        assert not verdict.accepted

    def test_pieces_of_another_critical_point(self, prover, good):
        # the same piece about a point of another branch: W = I is critical for every d
        piece = good["middle"][1]
        piece["polynomial"] = {"a_1": ["1"], "a_2": ["0"]}
        self.refused(good, "")

    def test_blocks_must_have_rows_at_d(self, good):
        good["claim"]["from_d"] = "1/2"
        self.refused(good, "gap")

    def test_settings_of_flint_change_nothing(self, good):
        before = ctx.cap, ctx.prec
        try:
            for cap, prec in ((1, 10), (100, 2000)):
                ctx.cap, ctx.prec = cap, prec
                assert check(good).accepted
                assert (ctx.cap, ctx.prec) == (cap, prec)
                bad = copy.deepcopy(good)
                bad["tail"]["t_end"], bad["middle"] = "3/10", []
                assert not check(bad).accepted
        finally:
            ctx.cap, ctx.prec = before


class TestUnreadable:
    @pytest.mark.parametrize(
        "change",
        [
            lambda c: c.update(format="other"),
            lambda c: c.update(version=2),
            lambda c: c.update(version=True),
            lambda c: c.update(kernel="erf"),
            lambda c: c.pop("tail"),
            lambda c: c["family"].update(blocks=["d", "d"]),
            lambda c: c["family"].update(blocks=["d - 1"]),
            lambda c: c["family"].update(blocks=["__import__('os')"]),
            lambda c: c["family"].update(rows=[1, 1]),
            lambda c: c["family"]["limit"].update(a_1="2"),
            lambda c: c["family"]["limit"].update(a_3="0"),
            lambda c: c["claim"].update(verdict="global"),
            lambda c: c["claim"].update(from_d=None),
            lambda c: c["claim"].update(d="9"),
            lambda c: c["claim"].update(from_d="1e400"),
            lambda c: c["claim"].update(from_d="1/0"),
            lambda c: c["claim"].update(from_d=9.5),
            lambda c: c["claim"].update(components=[{"component": "t", "size": 2, "negative": False}]),
            lambda c: c["tail"].update(order=10**6),
            lambda c: c["tail"].update(t_end="-1/10"),
            lambda c: c["tail"]["polynomial"].update(a_1=["1"] * 7),
            lambda c: c["tail"]["polynomial"].update(a_1=["9**9**9"]),
            lambda c: c["tail"]["polynomial"].update(a_1=["((pi**400)**400)**400"]),
            lambda c: c["tail"]["polynomial"].update(a_1=["(" * 500 + "1" + ")" * 500]),
            lambda c: c["tail"]["polynomial"].update(a_1=["sqrt(-2)"]),
            lambda c: c["tail"]["polynomial"].update(a_1=["sqrt(10**9 + 7)"]),
            lambda c: c["tail"]["polynomial"].update(a_1=["1/(pi - pi)"]),
            lambda c: c["tail"]["polynomial"].update(a_1=["x + 1"]),
            lambda c: c["tail"]["polynomial"].update(a_1=["1."]),
            lambda c: c["tail"]["box"]["a_1"].update(rad="-1"),
            lambda c: c["tail"]["box"]["a_1"].update(rad="1*2**999999"),
            lambda c: c["tail"]["box"]["a_1"].update(mid="nan"),
            lambda c: c["middle"][0].update(center=None),
            lambda c: c["middle"][0].update(polynomial=[]),
            lambda c: c.update(middle=[c["middle"][0]] * 600),
            lambda c: c.update(point={"d": "50", "mid": {}, "rad": {}}),
        ],
    )
    def test_malformed(self, good, change):
        change(good)
        with pytest.raises(Unreadable) as caught:
            check(good)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 300

    @pytest.mark.parametrize("data", [None, [], "text", 3, {}])
    def test_no_certificate_at_all(self, data):
        with pytest.raises(Unreadable):
            check(data)


def test_the_command(tmp_path, good):
    def run(text):
        path = tmp_path / "c.json"
        path.write_text(text)
        return subprocess.run(
            [sys.executable, "-m", "symrelu.checker", str(path)], capture_output=True, text=True, check=False
        )

    accepted = run(json.dumps(good))
    assert accepted.returncode == 0
    assert "minimum" in accepted.stdout
    good["middle"] = []
    assert run(json.dumps(good)).returncode == 1
    assert run("{").returncode == 2
    assert run("[" * 100_000).returncode == 2
    assert (
        subprocess.run(
            [sys.executable, "-m", "symrelu.checker", str(tmp_path / "none")], capture_output=True, check=False
        ).returncode
        == 2
    )


def test_it_imports_nothing_else_of_the_package():
    code = (
        "import sys, symrelu.checker; "
        "own = [m for m in sys.modules if m.startswith('symrelu') and not m.startswith('symrelu.checker')]; "
        "assert own == ['symrelu'], own; "
        "assert not {'sympy', 'mpmath', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_series_is_needed_where_columns_differ(certificate):
    plain = certificate("1b", "1/10")
    del plain["tail"]["series"]
    assert check(plain).accepted
    uneven = certificate("2b", "1/12")
    del uneven["tail"]["series"]
    assert "coefficients are not those" in check(uneven).reason


def _loss_of_one_block(a, b, d):
    """The loss at a I + b (J - I), up to a constant, straight from the kernel; d real."""

    def kernel(p, q, s):
        cos = s / mpmath.sqrt(p * q)
        theta = mpmath.acos(cos)
        return mpmath.sqrt(p * q) * (mpmath.sin(theta) + (mpmath.pi - theta) * cos) / (2 * mpmath.pi)

    norm = a**2 + (d - 1) * b**2
    students = norm / 2 + (d - 1) * kernel(norm, norm, 2 * a * b + (d - 2) * b**2)
    return d * (students / 2 - kernel(norm, 1, a) - (d - 1) * kernel(norm, 1, b))


@pytest.mark.parametrize("d", [Fraction(10**4), Fraction(333, 2), Fraction(75), Fraction(52)])
def test_zeros_of_the_differentiated_loss_lie_in_the_tubes(certificate, d):
    cert = read(certificate("1b", "1/10", "50"))
    with ctx.workprec(200), mpmath.workdps(60):
        t = 1 / (arb(d.numerator) / d.denominator).sqrt()
        tubes = [tail_at(cert.tail, t)] if d >= 100 else []
        tubes += [middle_at(p, t) for p in cert.middle if p.t_from**2 * d <= 1 <= p.t_to**2 * d]
        assert tubes
        real_d = mpmath.mpf(d.numerator) / d.denominator

        def gradient(a, b):
            return [mpmath.diff(lambda x, y: _loss_of_one_block(x, y, real_d), (a, b), n) for n in ((1, 0), (0, 1))]

        start = [mpmath.mpf(center.mid().str(50, radius=False)) for center, _ in tubes[0]]
        found = mpmath.findroot(gradient, start, tol=1e-45, maxsteps=8)
        for tube in tubes:
            for (center, radius), number in zip(tube, found, strict=True):
                assert abs(arb(mpmath.nstr(number, 40)) - center) < radius + arb(10) ** -25


def _leaves(value, path=()):
    if path:
        yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _leaves(value[key], (*path, key))


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_replaced_there_is_a_verdict(certificate, seed):
    """Random parts of a certificate become something else: an answer in every case, and no traceback."""
    rng = random.Random(seed)
    data = certificate("1b", "1/10")
    *path, last = rng.choice(list(_leaves(data)))
    part = data
    for key in path:
        part = part[key]
    values = [None, 0, -1, True, 1.5, "0", "-1", "1/3", "", "x", "1*2**-20000", "9" * 1999, [], {}, ["0"], 10**30]
    part[last] = rng.choice([*values, "pi**300", "1/pi**100", "sqrt(pi)", "sqrt(sqrt(2))", "1*2**20000"])
    try:
        verdict = check(data)
    except Unreadable as error:
        assert "\n" not in str(error)
    else:
        assert "\n" not in verdict.reason
