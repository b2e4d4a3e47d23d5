"""Results computed once a session, and readers of numbers that share nothing with the package's own."""

import ast
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest

import symrelu
from symrelu.exact.series import Series
from tests.shared import family_of

BITS = 400


@pytest.fixture(scope="session")
def fresh() -> Callable[[str, int], symrelu.FamilySeries]:
    """A function from a name (2a or d-4,4:+,-) and an order to the series."""
    return lambda name, order: family_of(name).series(order)


@pytest.fixture(scope="session")
def value_at() -> Callable[[Series, Any], Any]:
    """A function that sums what is known of a series at an mpmath number t, coefficients by their balls."""

    def at(x: Series, t: Any) -> Any:
        def convert(c: Any) -> Any:
            ball = x.field.ball(c, BITS)
            assert ball.rad() < 1e-60
            return mpmath.mpf(ball.mid().str(80, radius=False))

        return x.evaluate(t, convert)

    return at


@pytest.fixture(scope="session")
def text_value() -> Callable[..., Any]:
    """A function that reads a number or a formula such as ``8/pi*t**4`` by Python's own parser, names as given."""

    def visit(node: ast.AST, names: dict[str, Any]) -> Any:
        match node:
            case ast.Expression(body):
                return visit(body, names)
            case ast.Constant(int() as number):
                return mpmath.mpf(number)
            case ast.Name(name):
                return names[name]
            case ast.UnaryOp(ast.USub(), operand):
                return -visit(operand, names)
            case ast.Call(ast.Name("sqrt"), [argument]):
                return mpmath.sqrt(visit(argument, names))
            case ast.BinOp(left, ast.Pow(), right):
                return visit(left, names) ** visit(right, names)
            case ast.BinOp(left, operator, right):
                x, y = visit(left, names), visit(right, names)
                return {ast.Add: x + y, ast.Sub: x - y, ast.Mult: x * y, ast.Div: x / y if y else None}[type(operator)]
            case _:
                raise AssertionError(f"{ast.dump(node)} has no place in a formula")

    def read(text: str, **names: Any) -> Any:
        return visit(ast.parse(text, mode="eval"), {"pi": mpmath.pi, **names})

    return read


class LatexReader:
    """Evaluates the LaTeX of a formula: numbers, signs, \\frac, \\sqrt, powers, brackets, products by juxtaposition."""

    def __init__(self, text: str, names: dict[str, Any]) -> None:
        for old, new in ((r"\left(", "("), (r"\right)", ")"), (r"\pi", " P ")):
            text = text.replace(old, new)
        self.text, self.names, self.place = text, {"P": mpmath.pi, **names}, 0

    def peek(self) -> str:
        while self.place < len(self.text) and self.text[self.place].isspace():
            self.place += 1
        return self.text[self.place] if self.place < len(self.text) else ""

    def take(self, expected: str) -> None:
        assert self.peek() and self.text.startswith(expected, self.place), self.text[self.place :]
        self.place += len(expected)

    def whole(self) -> Any:
        value = self.sum()
        assert not self.peek(), self.text[self.place :]
        return value

    def sum(self) -> Any:
        total = mpmath.mpf(0)
        first = True
        while first or self.peek() in ("+", "-"):
            sign = -1 if self.peek() == "-" else 1
            if self.peek() in ("+", "-"):
                self.place += 1
            total += sign * self.product()
            first = False
        return total

    def product(self) -> Any:
        value = self.power()
        while self.peek() and self.peek() not in "+-)}":
            value *= self.power()
        return value

    def power(self) -> Any:
        value = self.atom()
        if self.peek() == "^":
            self.place += 1
            value = self.raised(value)
        return value

    def raised(self, base: Any) -> Any:
        """The exponent is one digit or a braced fraction such as {-5/2}."""
        if self.peek() != "{":
            self.place += 1
            return base ** int(self.text[self.place - 1])
        end = self.text.index("}", self.place)
        exponent = Fraction(self.text[self.place + 1 : end])
        self.place = end + 1
        return base ** (mpmath.mpf(exponent.numerator) / exponent.denominator)

    def braced(self) -> Any:
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def atom(self) -> Any:
        c = self.peek()
        if c.isdigit():
            start = self.place
            while self.place < len(self.text) and self.text[self.place].isdigit():
                self.place += 1
            return mpmath.mpf(int(self.text[start : self.place]))
        if c == "(":
            self.take("(")
            value = self.sum()
            self.take(")")
            return value
        if c == "{":
            return self.braced()
        if self.text.startswith(r"\frac", self.place):
            self.take(r"\frac")
            return self.braced() / self.braced()
        if self.text.startswith(r"\sqrt", self.place):
            self.take(r"\sqrt")
            return mpmath.sqrt(self.braced())
        self.place += 1
        return self.names[c]


@pytest.fixture(scope="session")
def latex_value() -> Callable[..., Any]:
    """A function that evaluates the LaTeX of a formula, single letters as given."""
    return lambda text, **names: LatexReader(text, names).whole()
