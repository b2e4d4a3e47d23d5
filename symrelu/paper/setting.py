"""What is fitted to what, in words and formulas: the loss, activations, targets, what leaves a network unchanged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

import sympy

from symrelu.model.activations import ABS, ERF, S3, Z2, Z3
from symrelu.model.kernels import PSI, RELU, G, Kernel, P, Q, S
from symrelu.model.setting import PAPER, Setting
from symrelu.model.target import IDENTITY, Target
from symrelu.paper.references import KERNEL_SOURCES
from symrelu.paper.style import Style
from symrelu.results import FamilySeries
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

LOSS = r"""\mathcal{L}(W, \alpha) = \frac{1}{2} \, \mathbb{E}_{x \sim N(0, I_d)} \Bigl( \sum_{i=1}^{k} \alpha_i
\varphi(\langle w_i, x \rangle) - \sum_{j} \beta_j \varphi(\langle v_j, x \rangle) \Bigr)^2"""
TENSORS = r"""\mathcal{L}(W, \alpha) = \frac{1}{2} \, \Bigl\| \sum_{i=1}^{k} \alpha_i \, w_i^{\otimes 3} - \sum_{j}
\beta_j \, v_j^{\otimes 3} \Bigr\|^2"""
HEAD = "The loss of a network of $k$ neurons on $d$ Gaussian inputs, fitted to a target network, is"
TENSOR_HEAD = "The loss of $k$ symmetric tensors of rank one in dimension $d$, fitted to a target, is"
DEFAULT = r"""The activation is $\varphi(u) = \max(u, 0)$, and the target has $v_j = e_j$ and $\beta_j = 1$, $1 \le j
\le d$"""
PAIRS = r"""It is a sum over pairs of rows, a function of their norms and inner products{}, so on the
matrices that an isotropy group fixes it is a function of finitely many entries and of $d$, any real number.
Error terms are for $d \to \infty$."""
ACTIVATIONS = {
    RELU: r"\max(u, 0)",
    ABS: r"|u|",
    ERF: r"\operatorname{erf}(u)",
    Z2: "u^{2}",
    Z3: "u^{3}",
}


def setting_section(settings: Sequence[Setting], style: Style) -> str:
    """The first section of a document: the loss, and what is common to families of these settings."""
    known = list(dict.fromkeys(settings))
    tensors = all(s.kernel == S3 for s in known)
    loss, head = (TENSORS, TENSOR_HEAD) if tensors else (LOSS, HEAD)
    common = ""
    if PAPER in known:
        common = style.write(DEFAULT) + (", unless something else is said. " if known[1:] else ". ")
    sources = dict.fromkeys(key for s in known for key in KERNEL_SOURCES.get(_kind(s.kernel), ()))
    cited = style.cite(*(["SafranShamir2018", "ArjevaniField2021"] if PAPER in known else ["ArjevaniField2021"]))
    return rf"""\section{{Setting}}
{style.write(head)}
\begin{{equation*}}
{style.notation.apply(loss)},
\end{{equation*}}
{style.write("where $w_i$ are the rows of $W$")}{cited}. {common}{style.write(PAIRS).format(style.cite(*sources))}
"""


def own_setting(series: FamilySeries, style: Style) -> str:
    """Activation, target and the target's second layer of a family whose setting is not the paper's; "" for that.

    They are said of the family: values of beta belong to orbits of its own type.
    """
    setting = series.setting
    if setting == PAPER:
        return ""
    return style.write(f"{_activation(setting.kernel)} {_target(setting, series.asked)}") + "\n"


def _kind(kernel: Kernel) -> str:
    return kernel.name.partition(":")[0]


def _activation(kernel: Kernel) -> str:
    if kernel == S3:
        return rf"Here the loss is ${TENSORS}$, without an activation."
    if kernel in ACTIVATIONS:
        return rf"Here the activation is $\varphi(u) = {ACTIVATIONS[kernel]}$."
    slope = kernel.name.partition(":")[2]
    if _kind(kernel) == "leaky" and kernel.parameters:
        return rf"Here the activation is $\varphi(u) = \max(u, {slope} u)$ with a free parameter ${slope} < 1$."
    if _kind(kernel) == "leaky":
        return rf"Here the activation is $\varphi(u) = \max(u, {_number(Fraction(slope))} \, u)$."
    names = {P: "p", Q: "q", S: "r", G: "g", PSI: r"\psi"}
    formula = sympy.latex(kernel.prefactor * kernel.expression, symbol_names=names)
    lift = "" if kernel.lift == 1 else _number(kernel.lift) + r" \, "
    plus, times = (f"1 + {lift}", lift) if kernel.lift else ("", "")
    return (
        rf"Here the activation is given by the expectation ${formula}$ of the product of two neurons with the weights "
        rf"$w$ and $v$, where $p = {plus}\|w\|^2$, $q = {plus}\|v\|^2$, $r = {times}\langle w, v \rangle$, "
        r"$g = \sqrt{p q - r^2}$ and $\psi = \arccos(-r/\sqrt{p q})$."
    )


def _number(value: Fraction) -> str:
    above = str(abs(value.numerator))
    text = above if value.denominator == 1 else rf"\tfrac{{{above}}}{{{value.denominator}}}"
    return f"-{text}" if value < 0 else text


def _target(setting: Setting, isotropy: Isotropy) -> str:
    """V and beta as the family's group sees them, in the order of its columns."""
    teacher = setting.target.teacher(isotropy, setting.beta)
    sizes = [isotropy.orbit_size(orbit) for orbit in teacher.orbits]
    if setting.target == IDENTITY:
        rows = r"has $v_j = e_j$, $1 \le j \le d$"
    else:
        seen = Target.of(isotropy, teacher)
        assert seen.isotropy is not None
        values = [
            _number(x)
            for cells in seen.cells
            for c, delta in cells
            for x in ((c,) if delta is None else (c + delta, c))
        ]
        body = re.sub(r"(?<![\w}])0 \\mathcal\{I\}_\{[^{}]*\}", "0", FixedSpace(seen.isotropy).latex(values))
        rows = f"has the rows $v_j$ of $V = {body}$"
    if len(set(teacher.beta)) == 1:
        beta = rf"$\beta_j = {_number(teacher.beta[0])}$"
    else:
        runs = [
            _number(b) if size.is_one else rf"{'' if b == 1 else _number(b)} \mathcal{{I}}_{{1,{size.latex()}}}".strip()
            for b, size in zip(teacher.beta, sizes, strict=True)
        ]
        beta = rf"$\beta = ({', '.join(runs)})$"
    return f"The target {rows}, and {beta}."


def unchanged(kernel: Kernel) -> str:
    """What the lambda of the block form are; "" for activations that are not homogeneous."""
    if kernel.degree is None:
        return ""
    return (
        r"The $\lambda_i > 0$ are arbitrary: rescaling a neuron leaves the network unchanged. Isotropy, number of "
        r"points and eigenvalues are those at $\lambda_i = 1$."
    )


def moves(kernel: Kernel) -> str:
    """What carries the points of a family into one another."""
    signs = kernel.even or (kernel.odd and kernel.second_layer_is_free)
    return "permutations of neurons and of inputs" + (", and changes of sign of neurons," if signs else "")


__all__ = ["moves", "own_setting", "setting_section", "unchanged"]
