"""The region of minima and the lines through it, against searches from random starts and another continuation."""

from math import floor

import numpy as np
import pytest

from symrelu.errors import BadInput, Undecided
from symrelu.paths.trace import Trace
from symrelu.regions import lines, no_series_reason, region_table
from symrelu.regions import region as region_module
from symrelu.regions.curve import Floats, Line, entries_of, fixed_q, place_of
from symrelu.regions.lines import end_of_line, three_block_line
from symrelu.regions.region import Region
from symrelu.regions.search import find_minima
from symrelu.regions.sizes import three_blocks
from symrelu.regions.spectrum import least_eigenvalues
from symrelu.symmetry.isotropy import Isotropy

slow = pytest.mark.slow


@slow
@pytest.mark.parametrize("d", [18, 24])
def test_windows_hold_the_minima_of_a_search(region: Region, d: int) -> None:
    """Random starts for every q find minima at exactly the whole q of the windows: none at d = 18."""
    expected = [q for window in region.windows(d) for q in window.integers]
    assert [found.q for found in find_minima(d, 30, seed=d)] == expected
    assert expected == {18: [], 24: [7, 8]}[d]


@slow
def test_windows_hold_what_gradient_descent_found(region: Region) -> None:
    """The public data have the blocks (6, 1, 13) at d = 20, (6, 1, 12) at d = 19, and q = 44, 45, 46 at d = 100."""
    at = {d: [q for window in region.windows(d) for q in window.integers] for d in (19, 20, 100)}
    assert at == {19: [6], 20: [6], 100: [44, 45, 46, 47]}
    assert region.windows(16) == []
    with pytest.raises(Undecided, match="d-max"):
        region.windows(111)


@slow
def test_the_boundary_is_where_an_eigenvalue_is_zero(region: Region) -> None:
    """On every edge its own component is singular and no other negative; inside a window all are positive."""
    assert [edge.component.name for edge in region.edges] == ["t", "s1", "t"]
    assert [(corner.component.name, corner.second.name) for corner in region.corners] == [("t", "s1"), ("s1", "t")]
    for edge in region.edges:
        for node in edge.nodes[1:-1:5]:
            least = least_eigenvalues(node.y)
            assert least.pop(edge.component) == pytest.approx(0, abs=1e-8)
            assert min(least.values()) > -1e-7
    window = region.windows(50)[0]
    points = window.points()
    assert list(points) == list(window.integers) == [20, 21, 22]
    for q, y in points.items():
        assert place_of(y).q == pytest.approx(q, abs=1e-12)
        assert min(least_eigenvalues(y).values()) > 0


@slow
def test_two_windows_beside_the_corner(region: Region) -> None:
    """Where the curve of s1 bends back (d = 23.2) the fold cuts a second, tiny window off."""
    first, second = region.windows(23.2)
    assert (first.low.component.name, first.high.component.name) == ("t", "s1")
    assert first.high.q - first.low.q < 0.01 < 2 < second.high.q - second.low.q


@slow
def test_the_line_of_a_fixed_q_ends_where_another_continuation_says(
    region: Region, point: Floats, monkeypatch: pytest.MonkeyPatch
) -> None:
    """q = 6: the path of the old type (6, 1, d - 7) is traced upwards to its fold by the code for families."""
    monkeypatch.setattr(lines, "find_region", lambda d_max, progress: region)
    end = end_of_line(fixed_q(6))
    assert end is not None
    upwards = np.append(np.zeros(11), 1.0)
    trace = Trace(three_blocks(6), list(entries_of(point)), 20.0, upwards)
    trace.follow(lambda node: bool(node.tangent[-1] < 0))
    largest = max(node.d for node in trace.nodes)
    assert largest <= end.fold < largest + 0.05
    assert end.fold == pytest.approx(23.6427, abs=1e-4)
    assert [floor(low.d) for low, _ in end.intervals] == [18, 23]
    assert end.intervals[0][1].component.name == "s1"


@slow
def test_reasons(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "find_region", lambda d_max, progress: region)
    lines.no_series_reason.cache_clear()
    fixed = no_series_reason(Isotropy.diagonal("6,1,d-7"))
    assert fixed is not None and "fold at d = 23.6426" in fixed and "\n" not in fixed
    assert no_series_reason(Isotropy.diagonal("d-7,6,1")) == fixed.replace("S_6 x S_1 x S_{d-7}", "S_{d-7} x S_6 x S_1")
    half = no_series_reason(Isotropy.diagonal("d/3,1,2*d/3-1"), (-1, 1, 1))
    assert half is not None and "19.9246 < d < 32.2964" in half
    assert no_series_reason(Isotropy.diagonal("3,1,d-4")) is None, "q = 3 meets no minimum"
    assert no_series_reason(Isotropy.diagonal("d/2-2,1,d/2+1")) is None


def test_types_that_are_not_three_blocks_have_no_reason() -> None:
    for blocks in ("d-1,1", "d", "d-2,1,1", "d-5,3,2", "d-9,4,4,1"):
        assert no_series_reason(Isotropy.diagonal(blocks)) is None
    assert no_series_reason(Isotropy.parse("6,d-6", "1,2,*", "1,2")) is None
    assert no_series_reason(Isotropy.diagonal("6,1,d-7"), (1, -1, 1)) is None
    assert no_series_reason(Isotropy.diagonal("6,1,d-7"), tuple([1] + [0] * 8 + [1, 0])) is None
    assert three_block_line(Isotropy.diagonal("d/2+2,1,d/2-3")) == Line(0.5, -3.0)


def test_bad_input_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(region_module, "find_minima", lambda *_: pytest.fail("nothing is to be computed"))
    for wrong in (24, 20001):
        with pytest.raises(BadInput, match="25 to 20000"):
            region_table(wrong)
    with pytest.raises(BadInput, match="try 6"):
        region_table(100, q=1)
