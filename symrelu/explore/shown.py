"""What the cells of the page share: asking, watching, and the last answer while the next one is on its way.

It is handed marimo's module, so that importing it needs none.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from symrelu.explore import pieces
from symrelu.explore.formulas import Variant
from symrelu.explore.jobs import Job, Jobs
from symrelu.explore.model import FIRST, FIRST_ORDER, MAX_ORDER, Choice, group_text, read_choice
from symrelu.symmetry.fixed_space import FixedSpace

MOST_BLOCKS = 12  # in a row of W as it is typeset
PAUSE, LONGEST_WAIT = 0.8, 60.0  # seconds between two drawings while work goes on; that a thread waits for news
REFUSALS = ("BadInput", "NoFamily", "SeveralFamilies")  # which trying again does not change
VEGA = "application/vnd.vegalite.v6+json"


class Chart:
    """A Vega-Lite specification that marimo draws."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.spec = spec

    def _mime_(self) -> tuple[str, str]:
        return VEGA, json.dumps(self.spec)


class Page:
    """One open page. Parameters: ``mo``, the module marimo; ``jobs``; ``name``, of its own lanes."""

    def __init__(self, mo: Any, jobs: Jobs, name: str) -> None:
        self.mo, self.jobs, self.name = mo, jobs, name
        self._last: dict[str, tuple[Any, dict[str, Any]]] = {}
        self._known: set[Choice] = set()  # families that were found
        self._buttons: dict[str, Any] = {}  # those on the page: marimo forgets a button that nothing refers to
        jobs.warm(*self._lanes())
        mo.Thread(target=self._keep, daemon=True).start()

    def _lanes(self) -> list[str]:
        return [self._lane("exact"), self._lane("numbers")]

    def _keep(self) -> None:
        """End the page's processes with the page."""
        thread = self.mo.current_thread()
        while not thread.should_exit:
            time.sleep(PAUSE)
        self.jobs.release(*self._lanes())

    def _lane(self, lane: str) -> str:
        return f"{self.name} {lane}"

    def first_choice(self) -> Choice:
        """What the page's address asks for; without parameters the family that the page begins with."""
        words = self.mo.query_params().to_dict()
        return read_choice(words) if "blocks" in words else FIRST

    def first_order(self) -> int:
        """The order that the page's address asks for, else the first one."""
        text = str(self.mo.query_params().get("order") or "")
        return int(text) if text in map(str, range(MAX_ORDER + 1)) else FIRST_ORDER

    def remember(self, choice: Choice) -> None:
        """Write the choice into the page's address, so that it can be kept and sent on."""
        address, now = self.mo.query_params(), choice.query()
        for name in ("blocks", "limit", "rows", "cols", "branch"):
            if name in now:
                if address.get(name) != now[name]:
                    address.set(name, now[name])
            elif name in address:
                address.remove(name)

    # -- questions -----------------------------------------------------------------------------------------------------

    def ask(self, lane: str, kind: str, choice: Choice, **more: Any) -> Job:
        """The job of a question about the chosen family; it never waits."""
        return self.jobs.ask(self._lane(lane), kind, {"family": choice.words(), **more})

    def series(self, choice: Choice, order: int) -> Job:
        """The job of the series, which says whether there is such a family."""
        job = self.ask("exact", "series", choice, order=order)
        if job.status == "done":
            self._known.add(choice)
        return job

    def refusal(self, choice: Choice, order: int) -> Job | None:
        """The job that says why there is nothing to show, or that a branch must be chosen; else None."""
        job = self.series(choice, order)
        return job if job.status == "failed" and job.error_class in REFUSALS else None

    def why(self, refused: Job) -> str:
        """The words of a refusal; where a branch must be chosen, there are buttons for it."""
        text = refused.error.partition("; choose one with")[0] if refused.families else refused.error
        return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")

    def branches(self, choice: Choice, refused: Job | None) -> dict[str, Choice]:
        """The families over the limit from which one must be chosen, for buttons; of a chosen one, the way back."""
        if refused is not None and refused.families:
            return {f"Branch {n}": replace(choice, branch=n) for n in range(1, refused.families + 1)}
        return {"All families over this limit": replace(choice, branch=None)} if choice.branch else {}

    def goes_on(self, choice: Choice, order: int) -> bool:
        """Whether more is asked than the series: not before a family was found, nor where there is none."""
        job = self.series(choice, order)
        return choice in self._known or (job.status == "failed" and job.error_class not in REFUSALS)

    def ask_if(self, pressed: bool, lane: str, kind: str, choice: Choice, **more: Any) -> Job | None:
        """The same where a button was pressed for this family, now or before; else None."""
        about = (choice, tuple(more.items()))
        if pressed:
            self._last[f"asked {kind}"] = (about, {})
        asked = self._last.get(f"asked {kind}")
        return self.ask(lane, kind, choice, **more) if asked is not None and asked[0] == about else None

    def watch(self, job: Job, tell: Callable[[Any], None], end: bool = False) -> None:
        """Draw the cell again when there is news of its job, from this call on; if ``end``, only when it is over."""
        seen = job.state
        if seen[0] in ("waiting", "running"):
            self.mo.Thread(target=self._wait, args=(job, seen, tell, end), daemon=True).start()

    def _wait(self, job: Job, seen: tuple[Any, ...], tell: Callable[[Any], None], end: bool) -> None:
        thread = self.mo.current_thread()
        self.jobs.wait(job, seen, LONGEST_WAIT, lambda: thread.should_exit)
        while end and not job.is_over and not thread.should_exit:
            self.jobs.wait(job, job.state, LONGEST_WAIT, lambda: thread.should_exit)
        if not job.is_over:
            time.sleep(PAUSE)
        if not thread.should_exit:
            tell(time.monotonic())

    def latest(self, job: Job) -> tuple[dict[str, Any], bool]:
        """The answer, or while it is on its way the last one of its kind about the same family; whether it is old."""
        family = job.question["family"]
        if job.status == "done":
            self._last[job.kind] = (family, job.answer)
            return job.answer, False
        known = self._last.get(job.kind)
        return (known[1], True) if known is not None and known[0] == family else ({}, True)

    # -- views ---------------------------------------------------------------------------------------------------------

    def busy(self, job: Job) -> list[Any]:
        """What a job is doing, in a line; no line if it is over."""
        words = "waiting for its turn" if job.status == "waiting" else job.said
        return [] if job.is_over else [self.mo.Html(pieces.busy(words, job.seconds))]

    def control(self, job: Job, tell: Callable[[Any], None]) -> Any:
        """A button that stops a job; if it is over, why there is no answer, or nothing.

        It belongs in a cell that is drawn when the job begins and ends, no more often: a click that arrives when the
        button has been drawn anew is lost.
        """
        self.watch(job, tell, end=True)
        if job.status == "done":
            return self.mo.Html("")
        if not job.is_over:
            self._buttons[job.kind] = self.mo.ui.button(label="Stop", on_change=lambda _: self.jobs.stop(job))
            return self._buttons[job.kind]

        def again(_: Any) -> None:
            self.jobs.ask(self._lane(job.lane.split()[-1]), job.kind, job.question, again=True)
            tell(time.monotonic())

        button = self._buttons[job.kind] = self.mo.ui.button(label="Try again", on_change=again)
        text = job.error if job.status == "failed" else "Stopped."
        refused = job.status == "failed" and job.error_class in REFUSALS
        return self.mo.hstack([self.mo.Html(pieces.said(text)), *([] if refused else [button])], justify="start")

    def math(self, latex: str) -> str:
        """A formula in a line, as HTML."""
        return str(self.mo.md(rf"\({latex}\)").text)

    def display(self, latex: str) -> str:
        """A displayed formula, as HTML."""
        return str(self.mo.md(f"\n\\[\n{latex}\n\\]\n").text)

    def fit(self, variants: Sequence[Variant]) -> str:
        """Displayed formulas in the variant that fits the window, as HTML; what is still too wide can be moved."""
        return pieces.fit(variants, lambda tex: pieces.scroll(self.display(tex)))

    def where(self, lines: Sequence[str]) -> str:
        """What the roots of polynomials are that stand in formulas, as HTML; empty where there are none."""
        return "".join(pieces.scroll(self.display(line)) for line in lines)

    def spectrum(self, rows: Sequence[tuple[str, Sequence[Variant], str]]) -> str:
        """The table of eigenvalues, as HTML."""
        names = [name if i == 0 or rows[i - 1][0] != name else "" for i, (name, _, _) in enumerate(rows)]
        return pieces.formula_table(
            ("component", "eigenvalue", "multiplicity"),
            [
                (name and self.math(name), pieces.fit(value, self.math), self.math(multiplicity))
                for name, (_, value, multiplicity) in zip(names, rows, strict=True)
            ],
        )

    def chart(self, spec: Mapping[str, Any]) -> str:
        """A chart, as HTML."""
        return str(self.mo.as_html(Chart(spec)).text)

    def title(self, choice: Choice) -> str:
        """The heading of a family."""
        name = f"Family {choice.name}: " if choice.name else ""
        branch = f", branch {choice.branch}" if choice.branch else ""
        limit = choice.limit.replace(" ", "").replace(",", ", ")
        return f"{name}{group_text(choice.isotropy)}, limit {limit}{branch}".replace("-", "\u2212")

    def matrix(self, choice: Choice) -> str:
        """W in block form, as HTML."""
        blocks = max(len(choice.isotropy.rows), len(choice.isotropy.cols))
        if blocks > MOST_BLOCKS:
            return pieces.note(
                f"W has {len(choice.isotropy.rows)} \u00d7 {len(choice.isotropy.cols)} blocks: too many to be drawn."
            )
        return pieces.scroll(self.display("W = " + FixedSpace(choice.isotropy).latex()))

    def summary(self, series: Mapping[str, Any], kind: Job | None) -> dict[str, str]:
        """What is known about a family in a few words, as HTML by label; an ellipsis for what is not known yet."""
        later = "\u2026"
        if kind is None or not kind.is_over:
            at_large_d = later
        else:
            at_large_d = escape(kind.answer["kind"] or "not decided") if kind.status == "done" else "not known"
        if not series:
            return {"Isotropy": later, "Critical points": later, "For large d": at_large_d, "Coefficients in": later}
        exact = series["field"] != "balls"
        field = escape(pieces.field(series["field"])) if exact else "balls"
        r = series["json"]["ramification"]
        return {
            "Isotropy": self.math(series["isotropy"]),
            "Critical points": self.math(series["multiplicity"] or r"\text{not decided}"),
            "For large d": at_large_d,
            "Coefficients in": field,
            "Powers of": self.math(f"t = d^{{-1/{r}}}"),
        }

    def signs(self, point: Mapping[str, Any]) -> str:
        """How many eigenvalues of the Hessian are negative, zero and positive, and what that makes of the point."""
        if point["negative"] is None or not point["eigenvalues"]:
            return "No eigenvalues: a block of less than two rows has no isotypic components."
        counts = f"{point['negative']} negative, {point['zero']} zero, {point['positive']} positive eigenvalues"
        return f"{'A saddle' if point['negative'] else 'No negative direction'}: {counts}."
