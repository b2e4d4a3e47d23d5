"""The three-block minimum of a public data set, and the region that it belongs to."""

import numpy as np
import pytest

from symrelu.regions.curve import Floats, fixed_d, fixed_q, position, solve
from symrelu.regions.region import Region, find_region
from symrelu.regions.search import Minimum

# k = d = 20, blocks 6, 1, 13, as gradient descent found it and ten decimals of it were published (literature.md, 8.2)
PUBLISHED = (
    (-0.7462383826, 0.1992374903, 0.3297668327, 0.0120636452)
    + (0.3750921916, -0.2611756117, -0.0712023758)
    + (0.0280227209, -0.0539031167, 1.0279866543, -0.0024793941)
)
LOSS, LEAST = 0.0597534191, 0.0004012357


@pytest.fixture(scope="session")
def published() -> Floats:
    return np.array(PUBLISHED)


@pytest.fixture(scope="session")
def point(published: Floats) -> Floats:
    """Its position, polished."""
    return solve(position(published, 6, 20), (fixed_d(20), fixed_q(6)))


@pytest.fixture(scope="session")
def region(point: Floats) -> Region:
    """The region up to d = 110, from that point: takes some seconds."""
    return find_region(110, Minimum(6, 20, point, LOSS, LEAST, 0))
