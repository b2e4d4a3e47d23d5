"""What a document says about a family, computed once: results, and a reason where there is none."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from symrelu.catalogue import FamilyKey
from symrelu.errors import BadInput, SymreluError
from symrelu.model.setting import PAPER
from symrelu.results import FamilySeries, young_json

if TYPE_CHECKING:
    from symrelu.families import Family
    from symrelu.paths.threshold_result import Thresholds
    from symrelu.proof.certificate import Certificate
    from symrelu.spectrum.result import FamilySpectrum

Progress = Callable[[str], None]
HIGHEST_REMAINDER = 9  # the certified path is a polynomial of that degree


@dataclass(frozen=True)
class Request:
    """What is to be computed of each family.

    order: of the series. spectrum_order: of the eigenvalues. layers: which spectra, 2 (both layers trained) or 1, or
    both. digits: of thresholds and of constants without exact form. thresholds: whether to look for them. certificate:
    whether to prove them, and that the family exists and what it is for all d from some d on.
    Raises BadInput for layers that are none, for digits below 1, and for orders that a spectrum cannot have.
    """

    order: int = 4
    spectrum_order: int = 1
    layers: tuple[int, ...] = (2,)
    digits: int = 12
    thresholds: bool = True
    certificate: bool = True

    def __post_init__(self) -> None:
        from symrelu.families import check_spectrum_order

        check_spectrum_order(self.spectrum_order)
        if not self.layers or len(set(self.layers)) < len(self.layers) or set(self.layers) - {1, 2}:
            raise BadInput(f"the layers {','.join(map(str, self.layers))} were given; give 2, 1 or 2,1")
        if not 1 <= self.digits <= 200:
            raise BadInput(f"{self.digits} digits were asked for; give a number between 1 and 200")


@dataclass(frozen=True)
class Material:
    """A family's results. ``words`` name it on the command line; ``missing`` says for what is None why it is."""

    family: Family
    words: str
    request: Request
    series: FamilySeries
    spectra: tuple[FamilySpectrum, ...]
    thresholds: Thresholds | None
    certificate: Certificate | None
    missing: dict[str, str]


def gather(family: Family, request: Request, progress: Progress | None = None) -> Material:
    """Everything about a family. What cannot be decided is left out, with the reason; a family that does not exist
    raises NoFamily.
    """
    words, say = command_words(family.key), progress or (lambda message: None)
    label = family.key.label()
    say(f"{label}: series")
    series = family.series(request.order, progress, request.digits)
    missing: dict[str, str] = {}

    def tried(what: str, compute: Callable[[], Any]) -> Any:
        say(f"{label}: {what}")
        try:
            return compute()
        except SymreluError as error:
            missing[what] = " ".join(str(error).split())
            return None

    spectra = [
        tried(f"spectrum-{n}", partial(family.spectrum, request.spectrum_order, n, progress)) for n in request.layers
    ]
    found = certificate = None
    if request.thresholds:
        found = tried(
            "thresholds", lambda: family.thresholds(request.digits, progress=progress, prove=request.certificate)
        )
    else:
        missing["thresholds"] = "they were not asked for"
    if not request.certificate:
        missing["certificate"] = "no proof was asked for"
    elif found is None:
        missing["certificate"] = "where its eigenvalues change sign is not known"
    else:
        certificate = tried("certificate", lambda: _certificate(family, found, request, progress))
        if certificate is not None and certificate.verdict not in ("minimum", "saddle"):
            missing["certificate"] = certificate.reason
            certificate = None
    return Material(
        family, words, request, series, tuple(s for s in spectra if s is not None), found, certificate, missing
    )


def _certificate(family: Family, found: Thresholds, request: Request, progress: Progress | None) -> Certificate:
    """For every real d from the first integer on that lies above all thresholds and in the range searched."""
    lowest = max([Fraction(str(found.followed_down_to)), *(t.bracket[1] for t in (*found.thresholds, *found.touching))])
    order = min(request.order, HIGHEST_REMAINDER)
    return family.certify(from_d=math.floor(lowest) + 1, order=order, progress=progress)


def short_name(key: FamilyKey) -> str:
    """A word for a family in names of files and labels, such as 2a or d-6.6.pm; other families may have the same."""
    if key.name and key.setting == PAPER:
        return key.name
    signs = key.limit_text().replace(",", "").replace("+", "p").replace("-", "m")
    words = [str(size).replace(" ", "") for size in key.isotropy.blocks]
    words += [signs] if re.fullmatch("[pm]+", signs) else []
    words += [str(key.branch)] if key.branch is not None else []
    return ".".join(re.sub(r"[^A-Za-z0-9-]", "_", word) for word in words)


def command_words(key: FamilyKey) -> str:
    """The words that name a family on the command line, quoted for a shell."""
    words: list[str] = []
    if key.name and key.setting == PAPER:
        words.append(key.name)
    else:
        data = young_json(key.isotropy)
        words += ["--blocks", ",".join(data["blocks"]).replace(" ", "")]
        if not key.isotropy.is_diagonal:
            words += ["--rows", ",".join(map(str, data["rows"])), "--cols", ",".join(map(str, data["cols"]))]
        if key.limit is not None:
            words += ["--limit", key.limit_text()]
    if key.branch is not None:
        words += ["--branch", str(key.branch)]
    setting = key.setting
    if setting.kernel != PAPER.kernel:
        words += ["--kernel", setting.kernel.name]
    if setting.target != PAPER.target:
        words += ["--target", setting.target.kind if setting.target.isotropy is None else "FILE.json"]
    if setting.beta:
        words += ["--beta", ",".join(map(str, setting.beta))]
    if setting.signs:
        words += ["--alpha-signs", ",".join("+" if x > 0 else "-" for x in setting.signs)]
    return shlex.join(words)


__all__ = ["Material", "Request", "command_words", "gather", "short_name"]
