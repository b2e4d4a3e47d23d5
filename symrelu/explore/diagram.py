"""The isotropy lattice as an SVG whose boxes are links: each opens its type on the page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from symrelu.errors import BadInput
from symrelu.explore.model import blocks_text, default_limit
from symrelu.render.hasse import layout
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.lattice import IsotropyType, Lattice

INCH = 96  # units of the drawing
LETTER, LINE, ROOM = 0.078, 0.19, 0.2  # inches: of a letter and a line of text, and around them


def box_lines(one: IsotropyType) -> tuple[str, ...]:
    """What stands in the box of a type: its blocks, and the families that live there."""
    assert one.isotropy is not None
    blocks = ", ".join(str(size).replace(" ", "").replace("-", "\u2212") for size in one.isotropy.blocks)
    return (blocks, ", ".join(one.families)) if one.families else (blocks,)


def lattice_svg(found: Lattice, chosen: Isotropy, keep: Mapping[str, str]) -> str:
    """The Hasse diagram, larger groups above, the chosen type and its neighbours marked.

    keep: further parameters of the page's address that a link goes on with. The text is safe to be put into a page.
    """
    lines = {one.id: box_lines(one) for one in found.types}
    sizes = {i: (ROOM + LETTER * max(map(len, text)), 0.12 + LINE * len(text)) for i, text in lines.items()}
    places = layout(found, sizes)
    width, height = places.size
    here = next((one.id for one in found.types if one.isotropy == chosen), None)
    near = {pair for pair in found.inclusions if here in pair}
    parts = []
    for pair in sorted(places.lines, key=lambda pair: pair in near):
        points = " ".join(f"{x * INCH:.1f},{(height - y) * INCH:.1f}" for x, y in places.lines[pair])
        parts.append(f'<polyline class="edge{" near" if pair in near else ""}" points="{points}"/>')
    for dim, y in places.levels.items():
        parts.append(f'<text class="level" x="4" y="{(height - y) * INCH + 4:.1f}">dim {dim}</text>')
    marked = {i for pair in near for i in pair}
    for one in found.types:
        kind = "here" if one.id == here else "near" if one.id in marked else ""
        parts.append(_box(one, lines[one.id], places.boxes[one.id], height, kind, keep))
    return (
        f'<svg class="symrelu-lattice" viewBox="0 0 {width * INCH:.0f} {height * INCH:.0f}" '
        f'width="{width * INCH:.0f}" role="img" aria-label="isotropy lattice">{"".join(parts)}</svg>'
    )


def _box(
    one: IsotropyType,
    lines: tuple[str, ...],
    place: tuple[float, float, float, float],
    height: float,
    kind: str,
    keep: Mapping[str, str],
) -> str:
    x, y, w, h = place
    left, top, middle = (x - w / 2) * INCH, (height - y - h / 2) * INCH, x * INCH
    texts = "".join(
        f'<text class="{"family" if i else "blocks"}" x="{middle:.1f}" y="{top + (0.2 + LINE * i) * INCH:.1f}">'
        f"{escape(line)}</text>"
        for i, line in enumerate(lines)
    )
    rect = f'<rect x="{left:.1f}" y="{top:.1f}" width="{w * INCH:.1f}" height="{h * INCH:.1f}" rx="6"/>'
    title = f"<title>{escape(one.group)}: dim Fix = {one.dim_fix}, order {escape(one.order)}</title>"
    return f'<a class="{kind}" href="{escape(link(one.isotropy, keep))}">{title}{rect}{texts}</a>'


def link(isotropy: Isotropy | None, keep: Mapping[str, str]) -> str:
    """The address of a type on this page, with its first limit."""
    if isotropy is None:
        raise BadInput("a group that moves no columns has no page")
    return "?" + urlencode({"blocks": blocks_text(isotropy), "limit": default_limit(isotropy), **keep})
