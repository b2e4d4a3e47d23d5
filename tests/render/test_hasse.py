"""Hasse diagrams: no boxes overlap, no edge crosses a box, levels are dimensions; files are whole and reproducible."""

import importlib.util
import itertools
from pathlib import Path

import pytest

from symrelu.errors import BadInput
from symrelu.inhabitants import named_inhabitants
from symrelu.render import hasse
from symrelu.symmetry.lattice import Lattice, complete_lattice, young_lattice

drawn = pytest.mark.skipif(
    importlib.util.find_spec("matplotlib") is None, reason="drawing needs matplotlib: pip install 'symrelu[plot]'"
)

LATTICES = {
    "complete": lambda: complete_lattice(3, 4),
    "square": lambda: complete_lattice(4, 4, named_inhabitants()),
    "symbolic": lambda: young_lattice(4, families=named_inhabitants()),
}


@pytest.fixture(scope="module", params=LATTICES)
def lattice(request: pytest.FixtureRequest) -> Lattice:
    return LATTICES[request.param]()


def sizes_of(lattice: Lattice) -> dict[int, tuple[float, float]]:
    """Boxes of several sizes, as labels have."""
    return {t.id: (0.4 + 0.1 * (t.id % 7), 0.2 + 0.15 * (t.id % 3)) for t in lattice.types}


def test_boxes_do_not_overlap_and_stand_on_their_level(lattice: Lattice) -> None:
    found = hasse.layout(lattice, sizes_of(lattice))
    for one in lattice.types:
        x, y, w, h = found.boxes[one.id]
        assert y == found.levels[one.dim_fix]
        assert w / 2 < x < found.size[0] - w / 2 and h / 2 < y < found.size[1] - h / 2
    for (x, y, w, h), (u, v, p, q) in itertools.combinations(found.boxes.values(), 2):
        assert abs(x - u) >= (w + p) / 2 or abs(y - v) >= (h + q) / 2
    heights = [found.levels[dim] for dim in sorted(found.levels)]
    assert heights == sorted(heights, reverse=True)  # the larger the fixed space, the lower


def test_edges_go_up_and_touch_no_other_box(lattice: Lattice) -> None:
    found = hasse.layout(lattice, sizes_of(lattice))
    assert set(found.lines) == set(lattice.inclusions)
    for (i, j), points in found.lines.items():
        (x, y, _, h), (u, v, _, q) = found.boxes[i], found.boxes[j]
        assert points[0] == pytest.approx((x, y + h / 2)) and points[-1] == pytest.approx((u, v - q / 2))
        assert [y for _, y in points] == sorted(y for _, y in points)
        for a, b in itertools.pairwise(points):
            for t in range(21):  # points of the segment
                px, py = a[0] + (b[0] - a[0]) * t / 20, a[1] + (b[1] - a[1]) * t / 20
                for key, (cx, cy, w, height) in found.boxes.items():
                    if key not in (i, j):
                        assert abs(px - cx) > w / 2 - 1e-9 or abs(py - cy) > height / 2 - 1e-9


def test_the_layout_is_the_same_every_time(lattice: Lattice) -> None:
    assert hasse.layout(lattice, sizes_of(lattice)) == hasse.layout(lattice, sizes_of(lattice))


def test_places_closest_to_the_wanted_ones() -> None:
    assert hasse._apart([0.0, 10.0], [2.0, 2.0]) == [0.0, 10.0]
    assert hasse._apart([5.0, 5.0, 5.0], [2.0, 2.0, 2.0]) == pytest.approx([3.0, 5.0, 7.0])
    assert hasse._apart([0.0, 0.0, 9.0], [1.0, 3.0, 1.0]) == pytest.approx([-1.0, 1.0, 9.0])


def test_labels_and_caption() -> None:
    types = {one.group: one for one in complete_lattice(4, 4, [*named_inhabitants()]).types}
    assert hasse.label(types["Delta(S_3 x S_1)"]) == (r"$\Delta(S_3\times S_1)$", "2a, 2b, 4")
    assert hasse.label(types["rows(S_2) x columns(S_3)"]) == (
        r"$S_2^{\mathrm{row}}$",
        r"$S_3^{\mathrm{col}}$",
    )
    assert hasse.label(types["order 3: Delta<(2 3 4)>"]) == (r"14: $\mathrm{order}\ 3$",)
    assert "Dashed" in hasse.caption(complete_lattice(3, 3))[-1]
    assert "Dashed" not in " ".join(hasse.caption(young_lattice(2)))


@drawn
@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_files_are_whole_and_the_same_every_time(ending: str, tmp_path: Path) -> None:
    found = young_lattice(2, families=named_inhabitants())
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    hasse.write_hasse(found, first)
    hasse.write_hasse(found, second)
    assert first.read_bytes() == second.read_bytes() != b""
    assert sorted(p.name for p in tmp_path.iterdir()) == [first.name, second.name]


@drawn
def test_texts_fit_into_their_boxes() -> None:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import FancyBboxPatch

    from symrelu.render.figures.write import STYLE

    found = complete_lattice(3, 4)
    with rc_context(STYLE):
        places = hasse.layout(found, hasse._measured(found))
        figure = Figure(figsize=places.size)
        renderer = FigureCanvasAgg(figure).get_renderer()
        hasse.draw_hasse(found, places, figure)
        axes = figure.axes[0]
        boxes = [p.get_window_extent(renderer) for p in axes.patches if isinstance(p, FancyBboxPatch)]
        assert len(boxes) == len(found.types)
        inside = 0
        for text in axes.texts:
            extent = text.get_window_extent(renderer)
            assert (
                0 <= extent.x0 and extent.x1 <= figure.bbox.width and 0 <= extent.y0 and extent.y1 <= figure.bbox.height
            )
            middle = (extent.x0 + extent.x1) / 2, (extent.y0 + extent.y1) / 2
            for box in boxes:
                if box.contains(*middle):
                    inside += 1
                    assert box.x0 <= extent.x0 and extent.x1 <= box.x1 and box.y0 <= extent.y0 and extent.y1 <= box.y1
        assert inside == sum(len(hasse.label(one)) for one in found.types)


def test_what_cannot_be_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, words in ((tmp_path / "a.gif", "names no format"), (tmp_path / "none" / "a.pdf", "no folder")):
        with pytest.raises(BadInput, match=words):
            hasse.write_hasse(young_lattice(1), path)
    monkeypatch.setattr(hasse, "LARGEST_DRAWN", 3)
    with pytest.raises(BadInput, match="4 types; up to 3"):
        hasse.write_hasse(young_lattice(2), tmp_path / "a.pdf")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BadInput, match="pip install"):
        hasse.check_hasse(tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())
