"""Series as text, as LaTeX and as SymPy expressions. ``str``, ``sympy.latex`` and Jupyter all come here."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symrelu.exact.field import is_sum

if TYPE_CHECKING:
    from symrelu.exact.series import Series


def series_text(x: Series, name: str = "t", digits: int | None = None) -> str:
    """A series in the variable ``name`` = d**(-1/r), with its O-term, as text; ``digits``: of coefficients in balls."""
    terms = []
    for i, c in enumerate(x.coefficients, x.valuation):
        if not c:
            continue
        body = x.field.text(c) if digits is None else x.field.text(c, digits)  # type: ignore[call-arg]
        power = "" if i == 0 else name if i == 1 else f"{name}**{i}" if i > 0 else f"{name}**({i})"
        if power:
            body = {"1": power, "-1": f"-{power}"}.get(body, f"({body})*{power}" if is_sum(body) else f"{body}*{power}")
        terms.append(body)
    if x.precision is not None:
        known = {0: "1", 1: name}.get(x.precision, f"{name}**{x.precision}")
        terms.append(f"O({known})")
    return sum_text(terms)


def series_latex(x: Series) -> str:
    """A series in powers of d, leading terms first, with its O-term, as LaTeX."""
    terms = []
    for i, c in enumerate(x.coefficients, x.valuation):
        if c:
            terms.append(_latex_term(x.field.sympy(c), Fraction(-i, x.ramification)))
    if x.precision is not None:
        terms.append(rf"O\left({_latex_power(Fraction(-x.precision, x.ramification)) or '1'}\right)")
    return sum_text(terms)


def series_expression(x: Series, d: Any = None) -> Any:
    """The known part as a SymPy expression in d (the symbol ``d`` by default)."""
    import sympy

    d = sympy.Symbol("d", positive=True) if d is None else d
    terms = enumerate(x.coefficients, x.valuation)
    return sympy.Add(*(x.field.sympy(c) * d ** sympy.Rational(-i, x.ramification) for i, c in terms if c))


def sum_text(terms: list[str]) -> str:
    """The sum of terms that may begin with a minus sign."""
    text = terms[0] if terms else "0"
    for term in terms[1:]:
        text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
    return text


def product_text(coefficient: str, factor: str) -> str:
    """The product of an exact number and a factor that needs no brackets: 8/pi and sqrt(2) give 8*sqrt(2)/pi."""
    if coefficient in ("1", "-1"):
        return coefficient[:-1] + factor
    if is_sum(coefficient):
        return f"({coefficient})*{factor}"
    slash = _top_level_slash(coefficient)
    if slash is None:
        return f"{coefficient}*{factor}"
    above, below = coefficient[:slash], coefficient[slash + 1 :]
    return {"1": "", "-1": "-"}.get(above, above + "*") + f"{factor}/{below}"


def _top_level_slash(text: str) -> int | None:
    """The place of the last division sign outside parentheses."""
    depth, place = 0, None
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if c == "/" and depth == 0:
            place = i
    return place


def _latex_power(exponent: Fraction) -> str:
    if exponent == 0:
        return ""
    return "d" if exponent == 1 else f"d^{{{exponent}}}"


def _latex_term(coefficient: Any, exponent: Fraction) -> str:
    """coefficient * d**exponent, with negative powers of d in the denominator."""
    import sympy

    pi = sympy.Symbol("pi", positive=True)  # SymPy orders polynomials by powers of symbols, not of its number pi
    coefficient = coefficient.xreplace({sympy.pi: pi})
    number = sympy.Integer(1)
    above: list[Any] = []
    below: list[Any] = []
    for factor in [coefficient] if coefficient.is_Add else sympy.Mul.make_args(coefficient):
        if factor.is_Rational:
            number = number * factor
        elif factor.is_Float:
            number, above = number * (-1 if factor < 0 else 1), [*above, abs(factor)]
        elif factor.is_Pow and factor.exp.is_negative:
            below.append(1 / factor)
        else:
            above.append(factor)
    if below or exponent or len(above) > 1:  # a sum in a fraction or product begins with no minus sign: -\frac{8}{\pi}
        for i, factor in enumerate(above):
            if factor.is_Add and sympy.latex(factor).startswith("-"):
                above[i], number = -factor, -number
    sign = "-" if number < 0 else ""
    if abs(number.p) != 1 or not above:
        above.insert(0, sympy.Integer(abs(number.p)))
    if number.q != 1:
        below.insert(0, sympy.Integer(number.q))
    if exponent:  # the power of d joins the numerator or the denominator, a sum alone being bracketed there
        power = sympy.Symbol(_latex_power(abs(exponent)))
        (above if exponent > 0 else below).append(power)
        if exponent > 0 and above[0] == 1:
            del above[0]
    top = _latex_product(above)
    return rf"{sign}\frac{{{top}}}{{{_latex_product(below)}}}" if below else sign + top


def _latex_product(factors: list[Any]) -> str:
    """The factors in the order given, sums bracketed where there are several factors."""
    import sympy

    if len(factors) == 1:
        return str(sympy.latex(factors[0]))
    return " ".join(rf"\left({sympy.latex(f)}\right)" if f.is_Add else sympy.latex(f) for f in factors)
