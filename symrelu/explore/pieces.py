"""Pieces of the page as HTML text; whatever stands in them is escaped. Style and the one script are below."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape

from symrelu.explore.formulas import WIDTHS, Variant

HEAD = """<style>
:root { --sr-ink:#1f2933; --sr-grey:#66707c; --sr-line:#e3e7eb; --sr-blue:#0b5f94; --sr-pale:#eef5fa;
  --sr-red:#a13a0c; }
.sr-title { display:flex; flex-wrap:wrap; align-items:baseline; gap:.2rem .9rem; margin:0; }
.sr-title b { font-size:1.7rem; letter-spacing:-.01em; color:var(--sr-ink); font-weight:650; }
.sr-title span { color:var(--sr-grey); font-size:.98rem; }
.sr-section { font-size:1.15rem; font-weight:650; color:var(--sr-ink); border-bottom:1px solid var(--sr-line);
  padding-bottom:.3rem; margin:1.2rem 0 .1rem; }
.sr-cards { display:flex; flex-wrap:wrap; gap:.6rem; }
.sr-card { flex:1 1 7.5rem; border:1px solid var(--sr-line); border-radius:8px; padding:.55rem .8rem; background:#fff;
  min-width:0; }
.sr-card small { display:block; color:var(--sr-grey); font-size:.78rem; margin-bottom:.15rem; }
.sr-card div { font-size:1rem; color:var(--sr-ink); overflow-x:auto; overflow-y:hidden; min-height:1.9rem; }
.sr-two { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr)); gap:1rem; }
.sr-two > * { min-width:0; }
.sr-scroll { overflow-x:auto; overflow-y:hidden; padding:.2rem 0; }
.sr-scroll marimo-tex { display:block; width:max-content; max-width:none; margin:-.5rem 0; }
.sr-fit { container-type:inline-size; }
.sr-variant { display:none; }
@container (max-width:639.9px) { .sr-0 { display:block; } }
@container (min-width:640px) and (max-width:959.9px) { .sr-1 { display:block; } }
@container (min-width:960px) { .sr-2 { display:block; } }
.sr-formulas td { vertical-align:middle; padding:.45rem 1rem .45rem 0 !important; }
.sr-formulas td:nth-child(2) { width:100%; }
.sr-formulas td:not(:nth-child(2)) { white-space:nowrap; }
.sr-remark { border-left:3px solid var(--sr-blue); padding:.4rem .8rem; background:var(--sr-pale); color:var(--sr-ink);
  font-size:.95rem; }
.marimo-cell .output { margin-top:.45rem !important; }
marimo-button { --grass-9:#0b5f94; --grass-10:#094b75; --grass-11:#0b5f94; --grass-8:#0b5f94; --grass-7:#0b5f94; }
[data-testid="notebook-actions-dropdown"] { display:none !important; }
.sr-old { opacity:.45; }
.sr-bar { display:flex; flex-wrap:wrap; gap:.5rem; align-items:center; }
.sr-copy { border:1px solid var(--sr-line); border-radius:6px; background:#fff; color:var(--sr-blue); cursor:pointer;
  font:500 .85rem system-ui,sans-serif; padding:.32rem .7rem; }
.sr-copy:hover { background:var(--sr-pale); border-color:var(--sr-blue); }
.sr-copied { background:var(--sr-blue); color:#fff; border-color:var(--sr-blue); }
.sr-busy { display:flex; gap:.6rem; align-items:center; color:var(--sr-grey); font-size:.92rem; }
.sr-busy i { width:1em; height:1em; border:2px solid var(--sr-line); border-top-color:var(--sr-blue); border-radius:50%;
  animation:sr-turn .8s linear infinite; flex:none; }
@keyframes sr-turn { to { transform:rotate(1turn); } }
@media (prefers-reduced-motion:reduce) { .sr-busy i { animation:none; } }
.sr-note { color:var(--sr-grey); font-size:.88rem; }
.sr-said { border-left:3px solid var(--sr-red); padding:.4rem .8rem; background:#fdf6f2; color:var(--sr-ink); }
.sr-command { font:.85rem ui-monospace,monospace; background:#f5f7f9; border-radius:6px; padding:.35rem .6rem;
  overflow-x:auto; white-space:nowrap; max-width:100%; color:var(--sr-ink); }
.sr-table { border-collapse:collapse; font-size:.92rem; width:100%; color:var(--sr-ink); }
.sr-table th { text-align:left; font-weight:500; color:var(--sr-grey); }
.sr-table th, .sr-table td { padding:.22rem .8rem .22rem 0; border-bottom:1px solid var(--sr-line); }
.sr-table td { font-variant-numeric:tabular-nums; }
.symrelu-lattice { max-width:none; height:auto; display:block; }
.symrelu-lattice .edge { fill:none; stroke:#c3cad2; stroke-width:1; }
.symrelu-lattice .edge.near { stroke:var(--sr-blue); stroke-width:2; }
.symrelu-lattice rect { fill:#fff; stroke:#9aa5b1; }
.symrelu-lattice a { cursor:pointer; text-decoration:none; }
.symrelu-lattice a:hover rect { fill:var(--sr-pale); stroke:var(--sr-blue); }
.symrelu-lattice a.near rect { stroke:var(--sr-blue); }
.symrelu-lattice a.here rect { fill:var(--sr-blue); stroke:var(--sr-blue); }
.symrelu-lattice text { font:13px system-ui,sans-serif; text-anchor:middle; fill:var(--sr-ink); }
.symrelu-lattice text.level { text-anchor:start; fill:#8a94a0; font-size:11px; }
.symrelu-lattice text.family { fill:var(--sr-red); font-weight:600; }
.symrelu-lattice a.here text { fill:#fff; }
</style>
<script>
document.addEventListener("click", (event) => {
  const button = event.composedPath().find((x) => x.dataset && x.dataset.copy !== undefined);
  if (!button) return;
  navigator.clipboard.writeText(button.dataset.copy).then(() => {
    button.classList.add("sr-copied");
    setTimeout(() => button.classList.remove("sr-copied"), 900);
  });
});
</script>"""
"""What the page's head gets: the style, and the script of the copy buttons."""


FIELDS = "display:grid; grid-template-columns:repeat(auto-fit,minmax(min(100%,11rem),1fr)); gap:.5rem 1rem"
"""The style of the fields of the form, which stand where the page's style does not reach."""


def copy_button(label: str, text: str) -> str:
    """A button that copies a text."""
    return f'<button type="button" class="sr-copy" data-copy="{escape(text)}">{escape(label)}</button>'


def command_line(command: str) -> str:
    """A command with a button that copies it."""
    button = copy_button("Copy command", command)
    return f'<div class="sr-bar"><code class="sr-command">{escape(command)}</code>{button}</div>'


def bar(*parts: str) -> str:
    """Parts in a row; they are HTML already."""
    return f'<div class="sr-bar">{"".join(parts)}</div>'


def fit(variants: Sequence[Variant], render: Callable[[str], str]) -> str:
    """The variants of a formula, of which the style shows the one that fits; ``render`` makes HTML of LaTeX."""
    parts = []
    ends = [*(one["least"] for one in variants[1:]), WIDTHS[-1] + 1]
    for one, end in zip(variants, ends, strict=True):
        shown = [f"sr-{i}" for i, start in enumerate((0, *WIDTHS[1:])) if one["least"] <= start < end]
        parts.append(f'<div class="sr-variant {" ".join(shown)}">{render(one["tex"])}</div>')
    return f'<div class="sr-fit">{"".join(parts)}</div>'


def formula_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose cells are HTML already."""
    top = "".join(f"<th>{escape(x)}</th>" for x in head)
    body = "".join(f"<tr>{''.join(f'<td>{x}</td>' for x in row)}</tr>" for row in rows)
    inner = f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    return f'<table class="sr-table sr-formulas">{inner}</table>'


def section(title: str) -> str:
    """The heading of a section."""
    return f'<div class="sr-section" role="heading" aria-level="2">{escape(title)}</div>'


def busy(said: str, seconds: float) -> str:
    """A line on what is being done."""
    clock = f" ({seconds:.0f} s)" if seconds >= 2 else ""
    return f'<div class="sr-busy"><i></i><span>{escape(said or "starting")}{clock}</span></div>'


def said(text: str) -> str:
    """A message of the library."""
    return f'<div class="sr-said" role="status">{escape(powers(text))}</div>'


def note(text: str) -> str:
    """A line of small print."""
    return f'<div class="sr-note">{escape(powers(text))}</div>'


def remark(text: str) -> str:
    """What must not be overlooked."""
    return f'<div class="sr-remark">{escape(powers(text))}</div>'


def cards(values: Mapping[str, str]) -> str:
    """Labelled values side by side; the values are HTML already."""
    inner = "".join(
        f'<div class="sr-card"><small>{escape(label)}</small><div>{value}</div></div>'
        for label, value in values.items()
    )
    return f'<div class="sr-cards">{inner}</div>'


def two(*parts: str) -> str:
    """Parts side by side where there is room, below each other where there is not; they are HTML already."""
    return f'<div class="sr-two">{"".join(f"<div>{part}</div>" for part in parts)}</div>'


def scroll(inner: str) -> str:
    """What may be wider than the page. It is HTML already."""
    return f'<div class="sr-scroll">{inner}</div>'


def faded(inner: str, old: bool) -> str:
    """HTML, greyed if it is an answer to an earlier question."""
    return f'<div class="sr-old">{inner}</div>' if old else inner


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of text."""
    top = "".join(f"<th>{escape(x)}</th>" for x in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(x)}</td>' for x in row)}</tr>" for row in rows)
    return f'<table class="sr-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def powers(text: str) -> str:
    """Powers as they are printed in text, in Unicode: t\u2076 for t**6."""
    raised = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
    return re.sub(r"\*\*(-?\d+)\b", lambda m: m[1].translate(raised), text)


def subscript(name: str) -> str:
    """A coordinate's name with its number below: a\u2081."""
    letter, _, number = name.partition("_")
    return letter + number.translate(
        str.maketrans("0123456789", "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089")
    )


def field(name: str) -> str:
    """The name of a coefficient field in Unicode: \u211a(\u03c0, \u221a2); long roots are counted only."""
    text = re.sub(r"sqrt\((\d+)\)", "\u221a\\1", name).replace(")(", ", ")
    if "sqrt(" in text:
        count = len(re.findall(r"\)\(", name))
        text = f"{name.partition(')')[0]}) and {count} root{'s' * (count > 1)}"
    return text.replace("QQ", "\u211a").replace("pi", "\u03c0")
