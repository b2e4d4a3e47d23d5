"""More neurons than k: what splitting a neuron, or adding one at 0, does to a critical point; k as a real number."""

from symrelu.splitting.real_k import point_widths, widths
from symrelu.splitting.result import AtWidth, Certified, SplitValue, WidthRow, Widths
from symrelu.splitting.series import width_series
from symrelu.splitting.series_result import SplitBranch, WidthSeries
from symrelu.splitting.split import RowBlock, row_blocks, split_values, stretching_slope, target_slopes

__all__ = [
    "AtWidth",
    "Certified",
    "RowBlock",
    "SplitBranch",
    "SplitValue",
    "WidthRow",
    "WidthSeries",
    "Widths",
    "point_widths",
    "row_blocks",
    "split_values",
    "stretching_slope",
    "target_slopes",
    "width_series",
    "widths",
]
