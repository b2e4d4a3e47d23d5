r"""Laws of the inputs x other than N(0, I_d), and the constant that is all they change.

A law is rotation invariant if x = r u with u uniform on the unit sphere and a radius r >= 0 independent of u; for the
Gaussian r**2 is chi-squared with d degrees of freedom. If phi(c z) = c**m phi(z) for c >= 0, then

    E[phi(<w,x>) phi(<v,x>)] = E[r**(2m)] E[phi(<w,u>) phi(<v,u>)] = c kappa(w, v),
    c = E[r**(2m)]/E[chi**(2m)],      E[chi**(2m)] = d (d+2) ... (d+2m-2),

so that loss, gradient and Hessian are those of the Gaussian, times one number: c = E|x|**2/d for ReLU and its
relatives. Critical points, their types, isotropy, indices and thresholds do not change, and spectra are multiplied by
c. For other activations (erf) the kernel is still a function of <w,w>, <v,v>, <w,v>, so the symmetry is the same, but
it is another function, with other critical points. A law that is only invariant under permutations of coordinates (the
cube, signs) keeps S_k x S_d, not the kernel: gradients at points of a fixed space stay in it, and need not vanish.

>>> print(law_named("sphere").constant(10), law_named("student:5").constant(10), law_named("ball").constant(10))
1 5/3 5/6
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import prod, sqrt

import numpy as np

from symrelu.errors import BadInput
from symrelu.exact.parse import parse_fraction
from symrelu.model.dense import DenseLoss, Floats
from symrelu.model.kernels import Kernel

MOST = Fraction(10**6)  # of degrees of freedom, and of scales
Sampler = Callable[[np.random.Generator, int, int], Floats]
LAWS = "gaussian, sphere, ball, student:5 (degrees of freedom), mixture:1/2:2 (weight:scale), cube, signs"


@dataclass(frozen=True)
class InputLaw:
    """A law of inputs in R^d, for every d.

    Attributes
    ----------
    name: what :func:`law_named` takes. sampler: (generator, n, d) to n inputs, of shape (n, d). rotation_invariant:
    whether all rotations preserve it. gaussian_parts: for finite mixtures of N(0, s**2 I) their
    (weight, s), exact, else empty: x = s g, so the population loss of any activation is the sum of weight times the
    Gaussian loss of s W with the target s V. moments: (m, d) to what :meth:`radial_moment` returns.
    """

    name: str
    sampler: Sampler
    rotation_invariant: bool
    moments: Callable[[int, int], Fraction | None]
    gaussian_parts: tuple[tuple[Fraction, Fraction], ...] = ()

    def sample(self, n: int, d: int, rng: np.random.Generator) -> Floats:
        """n independent inputs, of shape (n, d). Raises BadInput for numbers below 1."""
        if n < 1 or d < 1:
            raise BadInput(f"{n} inputs in dimension {d} were asked for; give numbers from 1 on")
        return self.sampler(rng, n, d)

    def radial_moment(self, m: int, d: int) -> Fraction | None:
        """E|x|**(2m), exact; None where it is infinite, or not known (cube and signs: m > 3)."""
        return self.moments(m, d)

    def has_moment(self, m: int, d: int) -> bool:
        """Whether E|x|**(2m) is finite: always for laws of bounded coordinates."""
        return not self.rotation_invariant or self.radial_moment(m, d) is not None

    def constant(self, d: int, degree: int = 1) -> Fraction:
        """c = E|x|**(2m)/(d (d+2) ... (d+2m-2)): by what a loss with phi(c z) = c**m phi(z) differs from the Gaussian.

        Parameters: ``d``, the dimension; ``degree`` m of the activation, 1 for ReLU, leaky ReLU and the absolute value.
        Returns an exact rational number, 1 for the Gaussian.
        Raises BadInput for a law that rotations do not preserve, and where the moment is infinite.
        """
        if not self.rotation_invariant:
            raise BadInput(f"the law {self.name} is not rotation invariant; no constant relates its loss to the others")
        moment = self.radial_moment(degree, d)
        if moment is None:
            raise BadInput(
                f"the law {self.name} has E|x|**{2 * degree} infinite, so that the loss does not exist; give more "
                "degrees of freedom"
            )
        return moment / gaussian_moment(degree, d)

    def constant_for(self, kernel: Kernel, d: int) -> Fraction | None:
        """The constant for a kernel's activation; None where there is none, since the kernel becomes another function.

        None for activations that are not positively homogeneous, and for laws that rotations do not preserve.
        """
        if kernel.degree is None or not self.rotation_invariant:
            return Fraction(1) if self.name == "gaussian" else None
        return self.constant(d, kernel.degree)


def gaussian_moment(m: int, d: int) -> Fraction:
    """E|g|**(2m) = d (d+2) ... (d+2m-2) for g ~ N(0, I_d)."""
    return Fraction(prod(d + 2 * i for i in range(m)))


def gradient_under(law: InputLaw, population: DenseLoss, W: Floats, alpha: Floats | None = None) -> Floats:
    """The gradient by W of the population loss under another law, exact to rounding, of shape (k, d).

    Parameters: ``law``, a finite mixture of Gaussians, for any activation; or rotation invariant with an activation
    that is positively homogeneous; ``population``, the Gaussian loss. Raises BadInput for others.
    """
    if law.gaussian_parts:
        total = np.zeros_like(W, dtype=float)
        for weight, scale in law.gaussian_parts:  # phi(<w, s g>) = phi(<s w, g>)
            s = float(scale)
            scaled = DenseLoss(s * population.V, population.beta, population.kernel)
            total += float(weight) * s * scaled.row_gradient(s * W, alpha)
        return total
    constant = law.constant_for(population.kernel, population.d)
    if constant is None:
        raise BadInput(
            f"the gradient under {law.name} with the kernel {population.kernel.name} has no formula here; give a "
            "mixture, a rotation-invariant law with relu, or sample it (symrelu.samples.training_loss)"
        )
    return float(constant) * population.row_gradient(W, alpha)


def law_named(text: str) -> InputLaw:
    """The law of that name.

    ``gaussian``: N(0, I_d). ``sphere``: uniform on the sphere of radius sqrt(d). ``ball``: uniform in the ball of
    radius sqrt(d). ``student:NU``: Student's, N(0, I) over sqrt(chi-squared_NU/NU), NU > 0 rational. ``mixture:P:S``:
    N(0, S**2 I) with probability P, else N(0, I). ``cube``: independent coordinates, uniform in [-sqrt(3), sqrt(3)].
    ``signs``: independent coordinates +-1. The last two are not rotation invariant.
    Raises BadInput for other words.
    """
    head, *rest = (word.strip() for word in text.split(":"))
    if head in _PLAIN and not rest:
        return _PLAIN[head]
    if head == "student" and len(rest) == 1:
        return _student(parse_fraction(rest[0], "the degrees of freedom of student"))
    if head == "mixture" and len(rest) == 2:
        weight, scale = (parse_fraction(x, what) for x, what in zip(rest, _MIXTURE_WORDS, strict=True))
        return _mixture(weight, scale)
    raise BadInput(f"the law of the inputs was given as {text!r}; give one of {LAWS}")


_MIXTURE_WORDS = ("the weight of mixture", "the scale of mixture")


def _gaussian(rng: np.random.Generator, n: int, d: int) -> Floats:
    return rng.standard_normal((n, d))


def _directions(rng: np.random.Generator, n: int, d: int) -> Floats:
    x = rng.standard_normal((n, d))
    x /= np.sqrt(np.einsum("na,na->n", x, x))[:, None]
    return x


def _sphere(rng: np.random.Generator, n: int, d: int) -> Floats:
    return sqrt(d) * _directions(rng, n, d)


def _ball(rng: np.random.Generator, n: int, d: int) -> Floats:
    x: Floats = sqrt(d) * _directions(rng, n, d) * rng.random(n)[:, None] ** (1 / d)
    return x


def _cube(rng: np.random.Generator, n: int, d: int) -> Floats:
    x: Floats = rng.uniform(-sqrt(3), sqrt(3), (n, d))
    return x


def _signs(rng: np.random.Generator, n: int, d: int) -> Floats:
    return np.where(rng.integers(0, 2, (n, d)) == 1, 1.0, -1.0)


def _sum_of_squares_moment(fourth: Fraction, sixth: Fraction) -> Callable[[int, int], Fraction | None]:
    """E|x|**(2m), m <= 3, for independent coordinates with E x**2 = 1 and these further moments."""

    def moment(m: int, d: int) -> Fraction | None:
        second = d * (d - 1)
        third = second * (d - 2)
        values = [Fraction(1), Fraction(d), d * fourth + second, d * sixth + 3 * second * fourth + third]
        return values[m] if m < len(values) else None

    return moment


_PLAIN = {
    "gaussian": InputLaw("gaussian", _gaussian, True, gaussian_moment, ((Fraction(1), Fraction(1)),)),
    "sphere": InputLaw("sphere", _sphere, True, lambda m, d: Fraction(d) ** m),
    "ball": InputLaw("ball", _ball, True, lambda m, d: Fraction(d) ** (m + 1) / (d + 2 * m)),
    "cube": InputLaw("cube", _cube, False, _sum_of_squares_moment(Fraction(9, 5), Fraction(27, 7))),
    "signs": InputLaw("signs", _signs, False, _sum_of_squares_moment(Fraction(1), Fraction(1))),
}


def _student(nu: Fraction) -> InputLaw:
    """E s**(2m) = nu**m/((nu-2)(nu-4)...(nu-2m)) for s**2 = nu/chi-squared_nu, infinite for nu <= 2m."""
    if not 0 < nu <= MOST:
        raise BadInput(
            f"student was given {nu} degrees of freedom; give a positive number, above 2 for a finite loss, and up to "
            f"{MOST}"
        )

    def sampler(rng: np.random.Generator, n: int, d: int) -> Floats:
        scales = np.sqrt(float(nu) / rng.chisquare(float(nu), n))
        x: Floats = scales[:, None] * rng.standard_normal((n, d))
        return x

    def moment(m: int, d: int) -> Fraction | None:
        if nu <= 2 * m:
            return None
        return gaussian_moment(m, d) * prod((nu / (nu - 2 * i) for i in range(1, m + 1)), start=Fraction(1))

    return InputLaw(f"student:{nu}", sampler, True, moment)


def _mixture(weight: Fraction, scale: Fraction) -> InputLaw:
    if not 0 < weight < 1 or not 1 / MOST <= scale <= MOST:
        raise BadInput(
            f"mixture was given the weight {weight} and the scale {scale}; give 0 < weight < 1 and a scale "
            f"from 1/{MOST} to {MOST}"
        )

    def sampler(rng: np.random.Generator, n: int, d: int) -> Floats:
        scales = np.where(rng.random(n) < float(weight), float(scale), 1.0)
        x: Floats = scales[:, None] * rng.standard_normal((n, d))
        return x

    def moment(m: int, d: int) -> Fraction:
        return gaussian_moment(m, d) * (weight * scale ** (2 * m) + 1 - weight)

    parts = ((weight, scale), (1 - weight, Fraction(1)))
    return InputLaw(f"mixture:{weight}:{scale}", sampler, True, moment, parts)


__all__ = ["LAWS", "InputLaw", "gaussian_moment", "gradient_under", "law_named"]
