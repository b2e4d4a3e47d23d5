"""Automatic derivatives against mpmath's numerical ones."""

from collections.abc import Callable
from typing import Any

import mpmath
import pytest

from symrelu.reference.jets import Jet, atan2, sqrt, variables

FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "polynomial": lambda x, y: 3 * x * x * y - y * 5 + 7 - x + 2 * (y - x) * y,
    "root": lambda x, y: sqrt(x * x + x * y + 1),
    "angle": lambda x, y: atan2(x * y, x - y * y),
    "angle from a number": lambda x, y: atan2(x * y + 1, mpmath.mpf(2)),
    "arc-cosine kernel": lambda x, y: x * y * atan2(sqrt(1 + x * x * y - y * y), -x),
    "number on the left": lambda x, y: 1 - (mpmath.mpf(2) - x) * (mpmath.mpf(3) * y),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives_agree_with_numerical_ones(name: str) -> None:
    f = FUNCTIONS[name]
    with mpmath.workdps(40):
        point = (mpmath.mpf("0.7"), mpmath.mpf("-0.3"))
        jet = f(*variables(point))
        assert isinstance(jet, Jet)
        assert mpmath.almosteq(jet.value, f(*point), 1e-35)
        for order, found in {
            (1, 0): jet.first[0],
            (0, 1): jet.first[1],
            (2, 0): jet.second[0][0],
            (1, 1): jet.second[1][0],
            (0, 2): jet.second[1][1],
        }.items():
            assert abs(found - mpmath.diff(f, point, order)) < mpmath.mpf("1e-25"), order


def test_root_at_zero_is_refused() -> None:
    (x,) = variables([mpmath.mpf(0)])
    with pytest.raises(ValueError, match="no derivative"):
        sqrt(x)
    with pytest.raises(ValueError, match="no derivative"):
        sqrt(x - 1)
