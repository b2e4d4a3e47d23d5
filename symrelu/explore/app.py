"""The page, a marimo notebook that is run read-only. It wires: what is shown is computed in `answers` and drawn in
`charts`, `diagram` and `pieces`.
"""

# mypy: allow-untyped-defs, allow-incomplete-defs, allow-untyped-decorators
import marimo

app = marimo.App(width="medium", app_title="symrelu explore")


@app.cell
def _():
    import uuid

    import marimo as mo

    from symrelu.errors import SymreluError
    from symrelu.explore import charts, diagram, jobs, model, pieces
    from symrelu.explore.shown import Page

    page = Page(mo, jobs.shared(), uuid.uuid4().hex)
    return SymreluError, charts, diagram, mo, model, page, pieces


@app.cell
def _(SymreluError, mo, model, page):
    try:
        _first, _problem = page.first_choice(), ""
    except SymreluError as _error:
        _first, _problem = model.FIRST, str(_error)
    get_choice, set_choice = mo.state(_first, allow_self_loops=True)
    get_problem, set_problem = mo.state(_problem, allow_self_loops=True)
    get_series_news, set_series_news = mo.state(0, allow_self_loops=True)
    get_series_end, set_series_end = mo.state(0, allow_self_loops=True)
    get_kind_news, set_kind_news = mo.state(0, allow_self_loops=True)
    get_curve_news, set_curve_news = mo.state(0, allow_self_loops=True)
    get_curve_end, set_curve_end = mo.state(0, allow_self_loops=True)
    get_spectrum_news, set_spectrum_news = mo.state(0, allow_self_loops=True)
    get_spectrum_end, set_spectrum_end = mo.state(0, allow_self_loops=True)
    get_point_news, set_point_news = mo.state(0, allow_self_loops=True)
    get_point_end, set_point_end = mo.state(0, allow_self_loops=True)

    def choose(choice):
        set_problem("")
        set_choice(choice)

    return (
        choose,
        get_choice,
        get_curve_end,
        get_curve_news,
        get_kind_news,
        get_point_end,
        get_point_news,
        get_problem,
        get_series_end,
        get_series_news,
        get_spectrum_end,
        get_spectrum_news,
        set_curve_end,
        set_curve_news,
        set_kind_news,
        set_point_end,
        set_point_news,
        set_problem,
        set_series_end,
        set_series_news,
        set_spectrum_end,
        set_spectrum_news,
    )


@app.cell
def _(mo):
    mo.Html(
        '<h1 class="sr-title"><b>symrelu</b><span>Families of critical points of two-layer ReLU networks: '
        "choose an isotropy type and a limit</span></h1>"
    )
    return


@app.cell
def _(choose, get_choice, mo, model):
    _now = get_choice()
    _lattice = model.lattice(_now)
    _types = model.type_options(_lattice)
    _blocks = model.blocks_text(_now.isotropy)
    if _now.isotropy.is_diagonal and _blocks not in _types.values():
        _types = {model.group_text(_now.isotropy): _blocks, **_types}
    _type_now = next((label for label, blocks in _types.items() if blocks == _blocks), None)
    if not _now.isotropy.is_diagonal:
        _type_now = None
    _limits = model.limit_options(_now.isotropy)
    _limit_now = next((label for label, limit in _limits.items() if limit == _now.limit), None)

    def _open(blocks):
        if blocks is not None:
            choose(model.read_choice({"blocks": blocks}))

    def _turn(limit):
        if limit is not None:
            choose(model.Choice(_now.blocks, limit, _now.rows, _now.cols))

    type_menu = mo.ui.dropdown(_types, value=_type_now, label="Isotropy type", on_change=_open)
    limit_menu = mo.ui.dropdown(_limits, value=_limit_now, label="Limit: signs of diag W", on_change=_turn)
    named_buttons = mo.ui.array(
        [
            mo.ui.button(
                label=name,
                kind="success" if choice == _now else "neutral",
                tooltip=f"family {name} of Theorem 1",
                on_change=lambda _, to=choice: choose(to),
            )
            for name, choice in model.named_choices().items()
        ]
    )
    mo.vstack(
        [
            mo.hstack([mo.md("Named families"), *named_buttons], justify="start", align="center", wrap=True, gap=0.4),
            mo.hstack([type_menu, *([limit_menu] if _limits else [])], justify="start", wrap=True, gap=1.5),
        ],
        gap=0.8,
    )
    return


@app.cell
def _(get_choice, mo, pieces):
    _now = get_choice()
    custom = mo.md(f'<div style="{pieces.FIELDS}">{{blocks}}{{limit}}{{rows}}{{cols}}{{branch}}</div>').batch(
        blocks=mo.ui.text(_now.blocks, placeholder="d-6,6", label="Blocks", full_width=True),
        limit=mo.ui.text(_now.limit, placeholder="+,-", label="Limit", full_width=True),
        rows=mo.ui.text(_now.rows or "", placeholder="one a block, or 1,2,*", label="Rows", full_width=True),
        cols=mo.ui.text(_now.cols or "", placeholder="one a block, or 1,2", label="Columns", full_width=True),
        branch=mo.ui.text(str(_now.branch or ""), placeholder="the only one", label="Branch", full_width=True),
    )
    show = mo.ui.run_button(label="Show this family")
    _form = mo.vstack([custom, mo.hstack([show], justify="start")], align="stretch", gap=0.8)
    mo.accordion({"Any other type, limit or branch": _form})
    return custom, show


@app.cell
def _(SymreluError, choose, custom, model, set_problem, show):
    if show.value:
        try:
            choose(model.read_choice(custom.value))
        except SymreluError as _error:
            set_problem(" ".join(str(_error).split()))
    return


@app.cell
def _(get_problem, mo, pieces):
    mo.Html(pieces.said(get_problem())) if get_problem() else None
    return


@app.cell
def _(mo, model, page):
    order = mo.ui.slider(
        0, model.MAX_ORDER, value=page.first_order(), label="Order in $t$", show_value=True, debounce=True
    )
    return (order,)


@app.cell
def _(get_choice, mo, page, pieces):
    page.remember(get_choice())
    mo.vstack([mo.Html(pieces.section(page.title(get_choice()))), mo.Html(page.matrix(get_choice()))], gap=0.7)
    return


@app.cell
def _(
    get_choice, get_curve_end, get_kind_news, get_series_end, get_series_news, mo, order, page, pieces, set_kind_news
):
    get_series_end(), get_series_news(), get_kind_news(), get_curve_end()
    _choice = get_choice()
    mo.stop(page.refusal(_choice, order.value) is not None)
    _shown, _ = page.latest(page.series(_choice, order.value))
    _kind = None
    if page.goes_on(_choice, order.value) and page.ask("numbers", "curves", _choice).is_over:
        _kind = page.ask("numbers", "kind", _choice)
        page.watch(_kind, set_kind_news)
    _notes = [mo.Html(pieces.remark(note)) for note in _shown.get("notes", [])]
    mo.vstack([mo.Html(pieces.cards(page.summary(_shown, _kind))), *_notes], gap=0.7)
    return


@app.cell
def _(choose, get_choice, get_series_end, mo, order, page, pieces):
    get_series_end()
    _choice = get_choice()
    _refused = page.refusal(_choice, order.value)
    _others = page.branches(_choice, _refused)
    branch_buttons = mo.ui.array(
        [mo.ui.button(label=label, on_change=lambda _, to=to: choose(to)) for label, to in _others.items()]
    )
    _parts = [] if _refused is None else [mo.Html(pieces.said(page.why(_refused)))]
    if _others:
        _parts.append(mo.hstack(list(branch_buttons), justify="start", wrap=True, gap=0.4))
    mo.vstack(_parts, gap=0.7) if _parts else None
    return


@app.cell
def _(get_choice, get_series_end, mo, order, page, pieces, set_series_end):
    get_series_end()
    _job = page.series(get_choice(), order.value)
    page.watch(_job, set_series_end, end=True)
    mo.stop(page.refusal(get_choice(), order.value) is not None)
    _row = mo.hstack([order, page.control(_job, set_series_end)], justify="space-between", wrap=True)
    mo.vstack([mo.Html(pieces.section("Series")), _row], gap=0.7)
    return


@app.cell
def _(get_choice, get_series_end, get_series_news, mo, order, page, pieces, set_series_news):
    get_series_end(), get_series_news()
    _choice = get_choice()
    mo.stop(page.refusal(_choice, order.value) is not None)
    _job = page.series(_choice, order.value)
    page.watch(_job, set_series_news)
    _shown, _old = page.latest(_job)
    _parts = page.busy(_job)
    if _shown and _job.status != "failed":
        _parts.append(mo.Html(pieces.faded(page.fit(_shown["displays"]) + page.where(_shown["where"]), _old)))
        _parts.append(mo.Html(pieces.note(f"Proved by {_shown['proof']}.")))
        _copy = pieces.copy_button("Copy as LaTeX", _shown["latex"]) + pieces.copy_button(
            "Copy as text", _shown["text"]
        )
        _command = pieces.command_line(_choice.command("series", "--order", str(order.value)))
        _parts.append(mo.Html(pieces.bar("" if _old else _copy, _command)))
    mo.vstack(_parts, gap=0.7) if _parts else None
    return


@app.cell
def _(get_choice, get_curve_end, get_series_end, mo, order, page, pieces, set_curve_end):
    get_curve_end(), get_series_end()
    _choice = get_choice()
    mo.stop(not page.goes_on(_choice, order.value))
    _asked = [page.ask("numbers", "curves", _choice)]
    if _asked[0].is_over:
        _asked.append(page.ask("numbers", "thresholds", _choice))
    _controls = [page.control(_job, set_curve_end) for _job in _asked]
    mo.vstack([mo.Html(pieces.section("Loss and spectrum against d")), *_controls], gap=0.7)
    return


@app.cell
def _(charts, get_choice, get_curve_end, get_curve_news, get_series_end, mo, order, page, pieces, set_curve_news):
    get_curve_end(), get_curve_news(), get_series_end()
    _choice = get_choice()
    mo.stop(not page.goes_on(_choice, order.value))
    _curves = page.ask("numbers", "curves", _choice)
    page.watch(_curves, set_curve_news)
    _changes = page.ask("numbers", "thresholds", _choice) if _curves.is_over else None
    if _changes is not None:
        page.watch(_changes, set_curve_news)
    _points = _curves.answer.get("points", _curves.parts)
    _rows = _changes.answer.get("thresholds", []) if _changes is not None else []
    _parts = page.busy(_curves)
    if len(_points) > 1:
        _bounded, _growing = charts.spectrum_charts(_points, _rows)
        _parts.append(mo.Html(page.chart(_bounded)))
        _parts.append(mo.Html(pieces.two(page.chart(charts.loss_chart(_points)), page.chart(_growing))))
    if _changes is not None:
        _parts += page.busy(_changes)
    if _changes is not None and _changes.status == "done":
        _table = [(t["d"], f"{t['component']}.{t['branch']}", t["below"], t["multiplicity"]) for t in _rows]
        _head = ("threshold d", "eigenvalue", "sign below", "multiplicity")
        _parts.append(mo.Html(pieces.table(_head, _table)) if _table else mo.Html(pieces.note("No sign change found.")))
        _down = f"Followed down to d = {_changes.answer['followed_down_to']}: {_changes.answer['stopped_because']}."
        _parts.append(mo.Html(pieces.note(f"{_down} Found numerically; the command proves what can be proved of it.")))
        _parts.append(mo.Html(pieces.command_line(_choice.command("thresholds"))))
    mo.vstack(_parts, gap=0.7) if _parts else None
    return


@app.cell
def _(mo, model):
    dimension = mo.ui.slider(
        3, model.LARGEST_SHOWN, value=12, label="d", show_value=True, include_input=True, debounce=True
    )
    return (dimension,)


@app.cell
def _(dimension, get_choice, get_point_end, get_series_end, mo, order, page, pieces, set_point_end):
    get_point_end(), get_series_end()
    mo.stop(not page.goes_on(get_choice(), order.value))
    _job = page.ask("exact", "point", get_choice(), d=str(int(dimension.value)), matrix=True)
    _row = mo.hstack([dimension, page.control(_job, set_point_end)], justify="space-between", wrap=True)
    mo.vstack([mo.Html(pieces.section("At one d")), _row], gap=0.7)
    return


@app.cell
def _(
    charts,
    dimension,
    get_choice,
    get_point_end,
    get_point_news,
    get_series_end,
    mo,
    order,
    page,
    pieces,
    set_point_news,
):
    get_point_end(), get_point_news(), get_series_end()
    _choice = get_choice()
    mo.stop(not page.goes_on(_choice, order.value))
    _d = str(int(dimension.value))
    _job = page.ask("exact", "point", _choice, d=_d, matrix=True)
    page.watch(_job, set_point_news)
    _shown, _old = page.latest(_job)
    _parts = page.busy(_job)
    if _shown and _job.status != "failed":
        _numbers = [*((pieces.subscript(x), y) for x, y in _shown["entries"].items()), ("loss", _shown["loss"])]
        _signs = page.signs(_shown)
        _left = page.chart(charts.heat_map(_shown["matrix"], _shown["d"]))
        _right = pieces.table(("", f"at d = {_shown['d']}"), _numbers) + pieces.note(_signs)
        _parts.append(mo.Html(pieces.faded(pieces.two(_left, _right), _old)))
        _parts.append(mo.Html(pieces.command_line(_choice.command("evaluate", "--d", _d, "--digits", "12"))))
    mo.vstack(_parts, gap=0.7) if _parts else None
    return


@app.cell
def _(mo):
    derive = mo.ui.run_button(label="Derive the exact spectrum")
    spectrum_order = mo.ui.dropdown({"t\u2070": 0, "t\u00b9": 1, "t\u00b2": 2}, value="t\u2070", label="through")
    return derive, spectrum_order


@app.cell
def _(derive, get_choice, get_series_end, get_spectrum_end, mo, order, page, pieces, set_spectrum_end, spectrum_order):
    get_spectrum_end(), get_series_end()
    mo.stop(not page.goes_on(get_choice(), order.value))
    _job = page.ask_if(derive.value, "exact", "spectrum", get_choice(), order=spectrum_order.value)
    _row = [derive, spectrum_order]
    if _job is not None:
        _row.append(page.control(_job, set_spectrum_end))
    mo.vstack(
        [
            mo.Html(pieces.section("Hessian spectrum, exact series")),
            mo.hstack(_row, justify="start", align="center", wrap=True),
        ],
        gap=0.7,
    )
    return


@app.cell
def _(
    derive,
    get_choice,
    get_series_end,
    get_spectrum_end,
    get_spectrum_news,
    mo,
    order,
    page,
    pieces,
    set_spectrum_news,
    spectrum_order,
):
    get_spectrum_end(), get_spectrum_news(), get_series_end()
    _choice = get_choice()
    mo.stop(not page.goes_on(_choice, order.value))
    _job = page.ask_if(derive.value, "exact", "spectrum", _choice, order=spectrum_order.value)
    _parts = []
    if _job is not None:
        page.watch(_job, set_spectrum_news)
        _parts += page.busy(_job)
        if _job.status == "done":
            _parts.append(mo.Html(page.spectrum(_job.answer["rows"]) + page.where(_job.answer["where"])))
            _parts.append(mo.Html(pieces.note(f"Proved by {_job.answer['proof']}.")))
            _copy = pieces.copy_button("Copy as LaTeX", _job.answer["latex"])
            _line = pieces.command_line(_choice.command("spectrum", "--order", str(spectrum_order.value)))
            _parts.append(mo.Html(pieces.bar(_copy, _line)))
    mo.vstack(_parts, gap=0.7) if _parts else None
    return


@app.cell
def _(choose, diagram, get_choice, mo, model, order, pieces):
    _choice = get_choice()
    _found = model.lattice(_choice)
    _larger, _smaller = model.neighbours(_found, _choice.isotropy)

    def _steps(words, types):
        buttons = [
            mo.ui.button(
                label=model.group_text(one),
                on_change=lambda _, to=one: choose(model.read_choice({"blocks": model.blocks_text(to)})),
            )
            for one in types
        ]
        return words, mo.ui.array(buttons)

    steps = [_steps("Larger groups", _larger), _steps("Smaller groups", _smaller)]
    _beside = [
        mo.vstack([mo.md(words), mo.hstack(list(buttons), justify="start", wrap=True, gap=0.4)], gap=0.3)
        for words, buttons in steps
        if len(buttons)
    ]
    _note = f"Here: {_found.scope}. A box opens its type; red: the named families that live there."
    mo.vstack(
        [
            mo.Html(pieces.section("Isotropy lattice")),
            mo.hstack(
                [
                    mo.Html(pieces.scroll(diagram.lattice_svg(_found, _choice.isotropy, {"order": str(order.value)}))),
                    mo.vstack([*_beside, mo.Html(pieces.note(_note))], gap=1),
                ],
                justify="start",
                align="start",
                wrap=True,
                gap=2,
                widths=[1, 1],
            ),
        ],
        gap=0.7,
    )
    return


if __name__ == "__main__":
    app.run()
