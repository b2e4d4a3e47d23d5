"""Matrices of numbers read from files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from symrelu.errors import BadInput
from symrelu.symmetry.identify import check_matrix

Array = np.ndarray[Any, np.dtype[Any]]


def read_matrix(path: str | Path) -> Array:
    """A matrix from a .npy file (nothing is unpickled) or a .csv file of numbers, rows by lines.

    Raises BadInput for files that cannot be read and for what is no matrix of finite real numbers.
    """
    ending = Path(path).suffix.lower()
    if ending not in (".npy", ".csv"):
        raise BadInput(f"the file {str(path)!r} was given; a matrix is read from .npy or .csv: try W.npy")
    try:
        if ending == ".npy":
            with open(path, "rb") as file:
                matrix = np.lib.format.read_array(file, allow_pickle=False)
        else:
            with open(path, encoding="utf-8-sig") as lines:
                matrix = _csv(lines.read(), path)
    except OSError as error:
        raise BadInput(f"the file {str(path)!r} cannot be read: {error.strerror or error}") from None
    except (ValueError, EOFError, MemoryError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"the file {str(path)!r} holds no matrix of numbers: {error}") from None
    return check_matrix(matrix)


def _csv(text: str, path: str | Path) -> Array:
    rows: list[list[float]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        row = []
        for cell in line.split(","):
            try:
                row.append(float(cell))
            except ValueError:
                raise BadInput(f"line {number} of {str(path)!r} holds {cell.strip()[:40]!r}, not a number") from None
        if rows and len(row) != len(rows[0]):
            raise BadInput(
                f"line {number} of {str(path)!r} has {len(row)} numbers, the lines before have {len(rows[0])}; "
                "a matrix has equally many in each"
            )
        rows.append(row)
    if not rows:
        raise BadInput(f"the file {str(path)!r} is empty; a matrix is needed, a line for each row")
    return np.array(rows)
