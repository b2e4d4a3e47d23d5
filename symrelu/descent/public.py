"""Published counts of where descents end, entered as data: the outside check of our own.

From the authors' public files, as `literature.md` of the project's notes, sections 8.1 and 8.3, has them (a reading of
`Results/newExp-k-n.mat` of the repository ItaySafran/OneLayerGDconvergence, and of `Processed minima.zip` of
ItaySafran/Overparameterization; counts were read, the split by family and the mean losses were computed from the stored
minima). Their n is our k, their k our d. Both start from N(0, 1/d) entries; Safran & Shamir 2018 (arXiv 1712.08968)
train with steps 0.1 over 1/(2 pi) of the gradient and call a run bad if its loss is 1e-3 or more; Safran, Yehudai &
Shamir 2021 (arXiv 2006.01005) with steps 5/d to a gradient of 1e-12.
"""

from __future__ import annotations

from types import MappingProxyType

SOURCE_2018 = "Safran & Shamir 2018"
SOURCE_2021 = "Safran, Yehudai & Shamir 2021"

RUNS_2018 = 1000
BAD_2018 = MappingProxyType(
    {
        6: 3, 7: 55, 8: 126, 9: 218, 10: 346, 11: 455, 12: 585, 13: 730, 14: 736, 15: 803, 16: 851, 17: 897, 18: 900,
        19: 934, 20: 949,
    }
)  # fmt: skip
"""Of 1000 runs with k = d neurons, by d: those that end in a spurious minimum."""

MEAN_BAD_LOSS_2018 = MappingProxyType(
    {6: 0.025081, 7: 0.023203, 8: 0.021508, 9: 0.020415, 10: 0.020336, 12: 0.021284, 15: 0.024375, 20: 0.032900}
)
"""Their mean loss, by d, where it was computed."""

BAD_ONE_MORE_2018 = MappingProxyType(
    {6: 0, 7: 0, 8: 1, 9: 0, 10: 1, 11: 1, 12: 3, 13: 15, 14: 55, 15: 102, 16: 180, 17: 233, 18: 369, 19: 491}
)
"""Of 1000 runs with k = d + 1 neurons, by d: those that end in a spurious minimum."""

RUNS_2021 = 500
TYPES_2021 = MappingProxyType(
    {
        6: {"global": 500},
        7: {"global": 473, "a1": 27},
        8: {"global": 443, "a1": 57},
        9: {"global": 389, "a1": 111},
        10: {"global": 340, "a1": 150, "a2": 10},
        11: {"global": 263, "a1": 204, "a2": 31, "a3": 1, "b": 1},
        12: {"global": 231, "a1": 209, "a2": 55, "a3": 3, "b": 2},
        13: {"global": 165, "a1": 195, "a2": 117, "a3": 20, "a4": 1, "b": 2},
        14: {"global": 148, "a1": 185, "a2": 118, "a3": 37, "a4": 4, "b": 8},
        16: {"global": 64, "a1": 141, "a2": 160, "a3": 93, "a4": 22, "a5": 2, "b": 18},
        17: {"global": 49, "a1": 139, "a2": 145, "a3": 106, "a4": 39, "a5": 6, "b": 16},
        18: {"global": 52, "a1": 119, "a2": 132, "a3": 103, "a4": 57, "a5": 17, "b": 20},
        19: {"global": 28, "a1": 86, "a2": 147, "a3": 114, "a4": 80, "a5": 26, "b": 11, "three": 8},
        20: {"global": 29, "a1": 73, "a2": 140, "a3": 90, "a4": 93, "a5": 43, "a6+": 7, "b": 20, "three": 5},
    }
)
"""Of 500 runs with k = d, by d and class: global; a1, a2, ...: families d-m,m over +,- (2a, 3a, 4, ...); b: those over
-,+ whose limit of the loss is 1/2 - 1/pi; three: Delta(S_q x S_1 x S_{d-q-1})."""

__all__ = [
    "BAD_2018",
    "BAD_ONE_MORE_2018",
    "MEAN_BAD_LOSS_2018",
    "RUNS_2018",
    "RUNS_2021",
    "SOURCE_2018",
    "SOURCE_2021",
    "TYPES_2021",
]
