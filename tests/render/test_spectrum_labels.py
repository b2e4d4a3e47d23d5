"""Spectrum figures beyond ReLU and named families: symmetry zeros, terms between 1 and d, labels with other symbols."""

from dataclasses import replace

import pytest

import symrelu
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series
from symrelu.model.setting import Setting
from symrelu.paper.notation import Notation
from symrelu.render.figures.data import Asymptote, spectrum_figure
from symrelu.render.figures.spectrum import draw_spectrum, within

pytest.importorskip("matplotlib", reason="drawing needs matplotlib")


def test_terms_between_one_and_d_belong_to_an_asymptote() -> None:
    from symrelu.render.figures.data import _term

    line = Asymptote(0.0, 2.0, r"3 d^{1/2}", "2", ("t",), ((0.5, 3.0),))
    assert line.grows and line.at(16) == 3 * 4 + 2
    fourth = Series(QPI, -4, [QPI.one], None, 4)
    assert _term(fourth, -4) == "d", "with t = d**(-1/4) the power of d is that of t**-4"


def test_labels_keep_apart_within_their_axis() -> None:
    found = within([(0.1 * i, str(i)) for i in range(9)] + [(5.0, "far")], 0.0, 1.0, usual=0.2)
    places = [x for x, _ in found]
    assert all(y - x >= 0.1 - 1e-12 for x, y in zip(places, places[1:], strict=False))
    assert min(places) >= 0 and max(places) <= 1


@pytest.mark.slow
def test_erf_has_no_zeros_by_rescaling_and_labels_follow_the_notation() -> None:
    from matplotlib.figure import Figure

    data = spectrum_figure(symrelu.family("1b", setting=Setting.parse("erf")))
    assert not data.is_exact and all(stem.value != 0 for stem in data.density)
    figure = Figure(figsize=(7.0, 3.4))
    draw_spectrum(replace(data, family="limit a_1=-1"), figure, Notation({"d": "n", "a": "w"}).apply)
    texts = [t.get_text() for axes in figure.axes for t in (*axes.texts, axes.title, axes.xaxis.label)]
    assert "$n$" in texts and any("$w_{1}$=-1" in text for text in texts)
    assert not any("d" in text.split("$")[1::2] for text in texts)
