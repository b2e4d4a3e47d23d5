"""What is fitted to what: the kernel, the target, and both second layers, apart from any isotropy group.

A :class:`Setting` is the value that families, commands and the store carry along; with the fixed space of a group it
makes a :class:`symrelu.model.reduced.Problem`. ``Setting()`` is the paper's: ReLU, V = I_d, beta = alpha = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.errors import BadInput
from symrelu.exact.parse import parse_fraction
from symrelu.model.activations import BUILT_IN, kernel_named
from symrelu.model.kernels import RELU, Kernel
from symrelu.model.reduced import Problem
from symrelu.model.second_layer import exact_beta, exact_signs
from symrelu.model.target import IDENTITY, Target
from symrelu.symmetry.fixed_space import FixedSpace


@dataclass(frozen=True)
class Setting:
    """Kernel, target and second layers.

    Parameters: ``kernel``; ``target``; ``beta``, the teacher's second layer, exact, one number for each teacher orbit
    (or one for all; () for 1); ``signs``, the student's second layer, 1 or -1 for each row orbit (or one for all; ()
    for 1), for kernels that are positively homogeneous. Equal settings are equal as values: betas or signs that are all
    1 become ().
    Raises BadInput for other signs, a beta of 0, floats, and signs where the second layer is a variable of its own.
    """

    kernel: Kernel = RELU
    target: Target = IDENTITY
    beta: tuple[Fraction, ...] = ()
    signs: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", exact_beta(self.beta))
        object.__setattr__(self, "signs", exact_signs(self.signs, self.kernel))

    @classmethod
    def parse(
        cls,
        kernel: str | None = None,
        target: str | None = None,
        beta: str | None = None,
        signs: str | None = None,
    ) -> Setting:
        """The setting in the words of the command line; None and "" leave the default.

        Parameters: ``kernel``, such as "leaky:1/10" (see :func:`symrelu.model.activations.kernel_named`); ``target``,
        "I", "pad" or a JSON file (:meth:`symrelu.model.target.Target.parse`); ``beta``, such as "1,2"; ``signs``, such
        as "+,-".
        Raises BadInput for what cannot be read.
        """
        values = [parse_fraction(x, "a value of beta") for x in beta.split(",")] if beta else []
        read: list[int] = []
        for x in signs.split(",") if signs else []:
            if x.strip() not in ("+", "-", "1", "-1", "+1"):
                raise BadInput(f"the signs of alpha were given as {signs!r}; give one + or - for each row orbit: +,-")
            read.append(-1 if "-" in x else 1)
        return cls(
            kernel_named(kernel) if kernel else RELU,
            Target.parse(target) if target else IDENTITY,
            tuple(values),
            tuple(read),
        )

    @property
    def is_default(self) -> bool:
        """Whether this is the paper's setting."""
        return self == Setting()

    def problem(self, space: FixedSpace) -> Problem:
        """Fitting this target in the fixed space of a group.

        Raises BadInput if the group does not fix the target, or if the numbers of betas or signs do not fit its orbits.
        """
        return Problem(space, self.kernel, self.target, self.beta, self.signs)

    def label(self) -> str:
        """What differs from the paper's setting, in the words of the command line; "" for the paper's."""
        parts = []
        if self.kernel != RELU:
            parts.append(f"kernel {self.kernel.name}")
        if self.target != IDENTITY:
            parts.append(f"target {self.target.label()}")
        if self.beta:
            parts.append(f"beta {','.join(map(str, self.beta))}")
        if self.signs:
            parts.append(f"signs {','.join('+' if x > 0 else '-' for x in self.signs)}")
        return ", ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """A canonical object of text, lists and nulls: equal settings give equal objects.

        A kernel that is not built in brings its formula along, so that no other one of the same name is taken for it.
        """
        data: dict[str, Any] = {"kernel": self.kernel.name, "target": self.target.to_json()}
        if not self._built_in:
            data["formula"] = _formula(self.kernel)
        data["beta"] = [str(x) for x in self.beta] or None
        data["signs"] = ["+" if x > 0 else "-" for x in self.signs] or None
        return data

    @property
    def _built_in(self) -> bool:
        name = self.kernel.name
        return name.startswith("leaky:") or BUILT_IN.get(name) == self.kernel

    @classmethod
    def from_json(cls, data: Any) -> Setting:
        """The setting of :meth:`to_json`. Keys that are missing are the default.

        Raises BadInput for what it does not know, and for a kernel whose formula is no longer the stored one.
        """
        if not isinstance(data, Mapping) or not set(data) <= {"kernel", "target", "formula", "beta", "signs"}:
            raise BadInput("a setting must be an object with kernel, target, beta and signs; write it with to_json")
        for key in ("beta", "signs"):
            words = data.get(key)
            if words is not None and not (isinstance(words, list) and all(isinstance(x, str) for x in words)):
                raise BadInput(f"the {key} of a setting must be a list of texts; write it with to_json")
        kernel = data.get("kernel", "relu")
        if not isinstance(kernel, str):
            raise BadInput("the kernel of a setting must be a text; write it with to_json")
        found = cls.parse(kernel, None, ",".join(data.get("beta") or []), ",".join(data.get("signs") or []))
        if "formula" in data and data["formula"] != _formula(found.kernel):
            raise BadInput(
                f"the setting was stored with the kernel {kernel} = {data['formula']}, which is now "
                f"{_formula(found.kernel)}; derive the result again"
            )
        return cls(found.kernel, Target.from_json(data.get("target", "I")), found.beta, found.signs)


PAPER = Setting()
"""ReLU, the target I, second layers of ones."""


def setting_of(problem: Problem) -> Setting:
    """The setting that a problem was made from."""
    assert isinstance(problem.target, Target)
    return Setting(problem.kernel, problem.target, problem.beta, problem.signs)


def _formula(kernel: Kernel) -> str:
    lift = f", lift {kernel.lift}" if kernel.lift else ""
    return f"({kernel.prefactor})*({kernel.expression}){lift}"
