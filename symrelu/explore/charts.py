"""The charts of the page as Vega-Lite specifications: plain data, drawn by the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symrelu.explore.answers import SMALL
from symrelu.render.figures.spectrum import coloured

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # a name; nothing is fetched
INK, GREY, BLUE = "#1f2933", "#8a94a0", "#0072B2"
HEIGHT, MAP = 260, 320
Spec = dict[str, Any]


def _base(**more: Any) -> Spec:
    font = "system-ui, sans-serif"
    axis = {
        "labelColor": INK,
        "titleColor": INK,
        "titleFontWeight": "normal",
        "gridColor": "#eceff2",
        "labelFont": font,
    }
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": HEIGHT,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "usermeta": {
            "embedOptions": {"actions": {"export": True, "source": False, "compiled": False, "editor": False}}
        },
        "config": {
            "axis": {**axis, "titleFont": font, "titleFontSize": 12, "domainColor": GREY, "tickColor": GREY},
            "legend": {"labelFont": font, "titleFont": font, "titleFontWeight": "normal", "labelFontSize": 12},
            "title": {"font": font, "fontWeight": 600, "fontSize": 13, "anchor": "start", "color": INK, "offset": 10},
            "view": {"stroke": None},
        },
        **more,
    }


def _d_axis(title: str = "d") -> Spec:
    return {"field": "d", "type": "quantitative", "title": title, "scale": {"zero": False, "nice": False}}


def loss_chart(points: Sequence[Mapping[str, Any]]) -> Spec:
    """The loss against d, from the points of the curves' answer."""
    rows = [{"d": float(p["d"]), "loss": float(p["loss"])} for p in points]
    return _base(
        title="Loss",
        data={"values": rows},
        mark={
            "type": "line",
            "interpolate": "monotone",
            "color": BLUE,
            "strokeWidth": 2,
            "tooltip": True,
            "point": {"size": 14, "color": BLUE},
        },
        encoding={
            "x": _d_axis(),
            "y": {"field": "loss", "type": "quantitative", "title": None, "axis": {"format": ".3~g"}},
            "tooltip": [{"field": "d", "format": ".5~g"}, {"field": "loss", "format": ".9~g"}],
        },
    )


def branches(points: Sequence[Mapping[str, Any]]) -> tuple[list[Spec], list[Spec]]:
    """The eigenvalues of the curves' answer as rows {"d", "component", "branch", "eigenvalue"}: those of branches that
    stay bounded, and those of branches that grow with d, told apart by their value at the largest d.
    """
    if not points:
        return [], []
    farthest = max(points, key=lambda p: float(p["d"]))
    growing = {(name, number) for name, number, value in farthest["eigenvalues"] if float(value) > SMALL}
    small: list[Spec] = []
    large: list[Spec] = []
    for point in points:
        for name, number, value in point["eigenvalues"]:
            row = {
                "d": float(point["d"]),
                "component": name,
                "branch": f"{name}.{number}",
                "eigenvalue": float(value),
            }
            (large if (name, number) in growing else small).append(row)
    return small, large


def spectrum_charts(points: Sequence[Mapping[str, Any]], thresholds: Sequence[Mapping[str, Any]]) -> tuple[Spec, Spec]:
    """Eigenvalues against d, a colour for each isotypic component: the bounded ones, with a mark at each threshold, and
    those that grow with d.

    thresholds: rows of the thresholds' answer, as far as they are known.
    """
    small, large = branches(points)
    names = list(dict.fromkeys(row["component"] for row in [*small, *large]))
    table = coloured(names)
    colour = {
        "field": "component",
        "type": "nominal",
        "scale": {"domain": names, "range": [table[name] for name in names]},
        "legend": {"orient": "bottom", "title": "component", "symbolType": "stroke", "symbolStrokeWidth": 3},
    }
    lowest = min((row["d"] for row in small), default=0.0)
    marks = [
        {"d": float(t["d"]), "component": t["component"], "branch": f"{t['component']}.{t['branch']}", "zero": 0}
        for t in thresholds
        if float(t["d"]) >= lowest
    ]
    for mark in marks:
        mark["text"] = f"{mark['d']:.3f}"
    tip = [{"field": "branch"}, {"field": "d", "format": ".6~g"}]
    bounded = _base(
        title="Bounded eigenvalues, with the thresholds",
        layer=[
            {
                "data": {"values": [{"zero": 0}]},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
                "encoding": {"y": {"field": "zero", "type": "quantitative"}},
            },
            {"data": {"values": small}, **_curves(colour, tip)},
            *(_marks(marks, colour) if marks else []),
        ],
    )
    grown = _base(title="Eigenvalues that grow with d", data={"values": large}, **_curves(colour, tip))
    return bounded, grown


def _marks(marks: Sequence[Spec], colour: Spec) -> list[Spec]:
    """A line at each threshold, and a dot on the axis."""
    return [
        {
            "data": {"values": marks},
            "mark": {"type": "rule", "strokeDash": [3, 3], "color": GREY},
            "encoding": {"x": _d_axis()},
        },
        {
            "data": {"values": marks},
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1, "tooltip": True},
            "encoding": {
                "x": _d_axis(),
                "y": {"field": "zero", "type": "quantitative"},
                "color": colour,
                "tooltip": [{"field": "branch"}, {"field": "d", "title": "changes sign at d", "format": ".9~g"}],
            },
        },
    ]


def _curves(colour: Spec, tip: Sequence[Spec]) -> Spec:
    return {
        "mark": {"type": "line", "interpolate": "monotone", "strokeWidth": 1.8, "tooltip": True, "clip": True},
        "encoding": {
            "x": _d_axis(),
            "y": {"field": "eigenvalue", "type": "quantitative", "title": None, "axis": {"format": ".3~g"}},
            "color": colour,
            "detail": {"field": "branch"},
            "tooltip": [*tip, {"field": "eigenvalue", "format": ".9~g"}],
        },
    }


def heat_map(matrix: Sequence[Sequence[str]], d: str) -> Spec:
    """W entry by entry, columns from left to right, rows from the top; blue negative, orange positive."""
    values = [
        {"row": i, "column": j, "entry": float(x)} for i, row in enumerate(matrix, 1) for j, x in enumerate(row, 1)
    ]
    most = max(abs(v["entry"]) for v in values)
    ticks = [-most, -most / 4, 0, most / 4, most]
    place: Spec = {
        "type": "ordinal",
        "axis": {"labelOverlap": "greedy", "ticks": False, "domain": False, "labelAngle": 0},
    }
    return _base(
        title=f"W at d = {d}",
        width=MAP,
        height=MAP,
        autosize={"type": "pad"},
        data={"values": values},
        mark={"type": "rect", "tooltip": True},
        encoding={
            "x": {"field": "column", **place, "title": "column"},
            "y": {"field": "row", **place, "title": "row"},
            "color": {
                "field": "entry",
                "type": "quantitative",
                "title": "entry",
                "scale": {
                    "type": "symlog",
                    "constant": 0.05,
                    "domain": [-most, 0, most],
                    "range": ["#2c5f9e", "#fbfbfa", "#d2691e"],
                },
                "legend": {
                    "format": ".2~g",
                    "orient": "bottom",
                    "gradientLength": MAP - 20,
                    "title": None,
                    "values": ticks,
                },
            },
            "tooltip": [{"field": "row"}, {"field": "column"}, {"field": "entry", "format": ".9~g"}],
        },
    )
