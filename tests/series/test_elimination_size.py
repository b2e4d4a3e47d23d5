"""Eliminating undetermined coefficients is given up where the terms would swell, with the size in words."""

import pytest

from symrelu.errors import Undecided
from symrelu.exact.functions import FunctionField
from symrelu.series.collect import MOST_TERMS, Condition


def test_a_product_past_the_bound_is_refused_before_it_is_multiplied_out() -> None:
    field = FunctionField([f"c_{i}" for i in range(12)], lambda bits: [1] * 12)
    long = field.one
    for i in range(12):
        long = long * (field.one + field.unknown(i))
    assert len(long.num) ** 2 > MOST_TERMS  # 4096 terms each
    condition = Condition(long, {(0, 0): field.one}, 0)
    with pytest.raises(Undecided, match="too large for exact elimination"):
        condition.minus(long, condition)
