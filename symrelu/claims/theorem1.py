"""The claims of Theorem 1 and section 4.1 of the main paper, as printed.

Y. Arjevani, M. Field, "Analytic Study of Families of Spurious Minima in Two-Layer ReLU Neural Networks: A Tale of
Symmetry II" (arXiv 2107.10370, NeurIPS 2021). Transcribed by hand;
the printed coefficients stand here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from symrelu.claims.claim import Claim

PAPER = "arXiv 2107.10370"
ERROR = "d**(-3/2)"


@dataclass(frozen=True)
class Case:
    """One case of the theorem as printed: isotropy, entries (with the error term, or exact), loss with its
    equation number, multiplicity, and the corner block of the display.
    """

    name: str
    isotropy: str
    multiplicity: str
    entries: dict[str, str]
    loss: str
    equation: str
    exact: bool = False
    corner: str | None = None
    limit_class: str = field(default="")


_SMALL_OWN_A = "-1 + (8/pi**2 + 2 + 8/pi)/d"
_SMALL_OTHER_A = "2*(-12*pi + 16 + pi**3 + 4*pi**2)/(pi**2*d*(2 + pi))"
_SMALL_OWN_B = "1 + 8*(-1 + pi)/(pi**2*d)"
_A_ROWS = {"a_1": "1", "a_2": "0", "a_3": "2/d", "a_4": "4/(pi*d)"}
_B_ROWS = {"a_1": "-1 + 2/d", "a_2": "2/d", "a_3": "0", "a_4": "(2 - 4/pi)/d"}

CASES = (
    Case("1a", "Delta S_d", "factorial(d)", {"a_1": "1", "a_2": "0"}, "0", "case 1a", exact=True, limit_class="global"),
    Case(
        "1b",
        "Delta S_d",
        "factorial(d)",
        {"a_1": "-1 + 2/d", "a_2": "2/d"},
        "-1/pi + 1/2 - 4/(3*pi*sqrt(d)) + (-1/2 - 2/pi**2 + 3/pi)/d",
        "(4)",
        limit_class="constant",
    ),
    Case(
        "2a",
        "Delta(S_{d-1} x S_1)",
        "d*factorial(d)",
        _A_ROWS | {"a_5": _SMALL_OWN_A},
        "(1/2 - 2/pi**2)/d",
        "(5)",
        limit_class="decaying",
    ),
    Case(
        "2b",
        "Delta(S_{d-1} x S_1)",
        "d*factorial(d)",
        _B_ROWS | {"a_5": _SMALL_OWN_B},
        "-1/pi + 1/2 - 4/(3*pi*sqrt(d)) + (-1 - 4/pi**2 + 5/pi)/d",
        "(6)",
        limit_class="constant",
    ),
    Case(
        "3a",
        "Delta(S_{d-2} x S_2)",
        "factorial(d)*d*(d - 1)/2",
        _A_ROWS | {"a_5": _SMALL_OWN_A, "a_6": _SMALL_OTHER_A},
        "(-4 + pi**2)/(pi**2*d)",
        "(7)",
        corner="2",
        limit_class="decaying",
    ),
    Case(
        "3b",
        "Delta(S_{d-2} x S_2)",
        "factorial(d)*d*(d - 1)/2",
        _B_ROWS | {"a_5": _SMALL_OWN_B, "a_6": "4*(-pi**2 - 8 + 6*pi)/(pi**2*d*(2 + pi))"},
        "-1/pi + 1/2 - 4/(3*pi*sqrt(d)) + (-3/2 - 6/pi**2 + 7/pi)/d",
        "(8)",
        corner="2",
        limit_class="constant",
    ),
    Case(
        "4",
        "Delta(S_{d-3} x S_3)",
        "factorial(d)*d*(d - 1)*(d - 2)/6",
        _A_ROWS | {"a_5": _SMALL_OWN_A, "a_6": _SMALL_OTHER_A},
        "(3/2 - 6/pi**2)/d",
        "(9)",
        corner="2",
        limit_class="decaying",
    ),
)

# Section 4.1: the vector F(a_1, a_2, d). nu = nu_(1), alpha = alpha_(1)^(2), beta_1 = beta_(1)^(1), beta_2 =
# beta_(1)^(2).
GRADIENT = {
    "F_1": (
        "a_1*d/2 - a_1*d*sin(beta_1)/(2*pi*nu) + a_1*(d**2 - d)*sin(alpha)/(2*pi) - a_1*(d**2 - "
        "d)*sin(beta_2)/(2*pi*nu)"
        " - a_2*alpha*(d**2 - d)/(2*pi) + a_2*(d**2 - d)/2 + beta_1*d/(2*pi) - d/2"
    ),
    "F_2": (
        "-a_1*alpha*(d**2 - d)/(2*pi) + a_1*(d**2 - d)/2 - a_2*alpha*(d**3 - 3*d**2 + 2*d)/(2*pi)"
        " + a_2*(d**3 - 2*d**2 + d)*sin(alpha)/(2*pi) + a_2*(d**3 - 2*d**2 + d)/2 - a_2*(d**2 - "
        "d)*sin(beta_1)/(2*pi*nu)"
        " - a_2*(d**3 - 2*d**2 + d)*sin(beta_2)/(2*pi*nu) + beta_2*(d**2 - d)/(2*pi) - d**2/2 + d/2"
    ),
}

_LIMITS = {"decaying": "the loss is Theta(1/d)", "constant": "the loss tends to 1/2 - 1/pi"}


def claims() -> Iterator[Claim]:
    """All claims, in the order of the paper."""
    for case in CASES:
        yield from _of_case(case)
    yield Claim(
        "theorem1.rescaling",
        f"{PAPER}, Theorem 1 and before it",
        "the network, and so the loss, stays under (w_i, alpha_i) -> (lambda w_i, alpha_i/lambda) for every lambda > 0",
        "rescaling",
    )
    for name, text in GRADIENT.items():
        yield Claim(
            f"theorem1.gradient.{name}",
            f"{PAPER}, section 4.1, the display of F",
            f"{name} of the reduced gradient on Fix(Delta S_d), as displayed in nu, alpha, beta",
            "gradient",
            "1b",
            name,
            text,
        )


def _of_case(case: Case) -> Iterator[Claim]:
    source, prefix, error = (
        f"{PAPER}, Theorem 1, case {case.name}",
        f"theorem1.{case.name}",
        "" if case.exact else ERROR,
    )
    tail = "" if case.exact else f" + O({ERROR})"
    yield Claim(f"{prefix}.isotropy", source, f"isotropy {case.isotropy}", "isotropy", case.name, "", case.isotropy)
    for name, text in case.entries.items():
        yield Claim(
            f"{prefix}.entries.{name}", source, f"{name} = {text}{tail}", "series", case.name, name, text, error
        )
    equation = f"{PAPER}, equation {case.equation}" if case.equation.startswith("(") else source
    yield Claim(f"{prefix}.loss", equation, f"loss = {case.loss}{tail}", "series", case.name, "loss", case.loss, error)
    yield Claim(
        f"{prefix}.multiplicity",
        source,
        f"multiplicity {case.multiplicity}",
        "multiplicity",
        case.name,
        "",
        case.multiplicity,
    )
    if case.corner:
        yield Claim(
            f"{prefix}.display",
            source,
            f"the lower right block of W is A_{case.corner}(a_5, a_6)",
            "corner",
            case.name,
            "",
            case.corner,
        )
    if case.limit_class == "global":
        yield Claim(f"{prefix}.global", source, "a global minimizer", "global", case.name)
    else:
        yield Claim(
            f"{prefix}.limit",
            f"{PAPER}, section 2",
            _LIMITS[case.limit_class],
            "limit",
            case.name,
            "",
            case.limit_class,
        )
        yield Claim(
            f"{prefix}.spurious",
            f"{PAPER}, section 2",
            "not global: the loss is positive (for all large d)",
            "spurious",
            case.name,
        )
        yield Claim(
            f"{prefix}.spurious-from-9",
            f"{PAPER}, section 2",
            "not global: the loss is positive for every d >= 9",
            "positive_loss",
            case.name,
        )
    yield Claim(
        f"{prefix}.exists",
        f"{PAPER}, Theorem 1",
        "there is such a critical point for every real d >= 9",
        "exists",
        case.name,
    )
    yield Claim(f"{prefix}.minimum", f"{PAPER}, Theorem 1", "a local minimum for every d >= 9", "minimum", case.name)
