"""Jacobian and index of a point or a tube of Fix(G): what the pieces of a certificate have in common."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb

from symrelu.checker import forms
from symrelu.checker.linear import Matrix, inertia
from symrelu.checker.pairs import Rows, gradient
from symrelu.checker.taylor import Domain, Model, NoEnclosure, ball
from symrelu.checker.young import Component, Young


class Place:
    """The type, the branches of the angles, and the block sizes over one domain of t."""

    def __init__(self, young: Young, signs: Sequence[int], domain: Domain, sizes: Sequence[Model]) -> None:
        self.young, self.signs, self.domain, self.sizes = young, list(signs), domain, list(sizes)
        self.over_two_pi = 1 / (2 * arb.pi())

    def rows(self, entries: Sequence[Model]) -> Rows:
        """Norms and angles; NoEnclosure unless each row stays within a right angle of its limit."""
        rows = Rows(self.young, self.signs, entries, self.sizes)
        for a, sign in enumerate(self.signs):
            if not (rows.own[a] * ball(sign)).range() > 0:
                raise NoEnclosure("an entry of the diagonal may change its sign")
        return rows

    def gradient(self, entries: Sequence[Model]) -> list[Model]:
        """The gradient at one entry of each coordinate."""
        zero = self.domain.model([])
        return [zero + value for value in gradient(self.rows(entries), self.over_two_pi)]

    def jacobian(self, entries: Sequence[Model]) -> Matrix:
        """The derivative of the gradient with respect to the coordinates: the block t divided by multiplicities."""
        rows = self.rows(entries)
        component = Component("t", ())
        block = forms.blocks(self._forms(rows, component), component)
        out = []
        for row, count in zip(block, forms.multiplicities(rows), strict=True):
            inverse = (self.domain.model([]) + count).inverse()
            out.append([entry * inverse for entry in row])
        return out

    def index(self, entries: Sequence[Model], components: Sequence[Component]) -> dict[str, tuple[int, int]]:
        """Size and number of negative eigenvalues of each component's block; NoEnclosure names the block it meets."""
        rows = self.rows(entries)
        out = {}
        for component in components:
            try:
                block = forms.blocks(self._forms(rows, component), component)
                # pivots from bounded directions to stiff ones: every order is allowed, this one is enclosed best
                order = sorted(range(len(block)), key=lambda i: (-block[i][i].v, _height(block[i][i])))
                block = [[block[i][j] for j in order] for i in order]
                out[component.name] = (len(block), inertia(block))
            except NoEnclosure as error:
                raise NoEnclosure(f"block {component.name}: {error}") from None
        return out

    def _forms(self, rows: Rows, component: Component) -> forms.Forms:
        wide = {}
        for a, rest in enumerate(rows.rest):
            if rest.is_zero:
                wide[a] = rest
            elif not rest.factor() > 0:
                wide[a] = self._bound(rest) * rows.inverse[a]
        return forms.Forms(rows, component, self.over_two_pi, wide)

    def _bound(self, rest: Model) -> Model:
        """Twice |w| sin of an angle that may be 0, with either sign: it bounds what has no derivative there."""
        height = rest.factor().upper().nonnegative_part().sqrt().upper()
        if rest.v % 2:  # half a power of t more than needed
            height = height * ball(self.domain.hi).sqrt().upper()
        return Model(self.domain, rest.v // 2, [(2 * height) * arb(0, 1)], None)


def _height(f: Model) -> float:
    return abs(float(f.factor().mid()))
