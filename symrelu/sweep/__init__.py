"""Sweeps over isotropy types: tasks, workers, and a file of lines that a killed sweep goes on with."""

from symrelu.runs.do import Interrupted
from symrelu.runs.pools import Cluster, Processes
from symrelu.sweep.run import Sweep, sweep
from symrelu.sweep.table import read_sweep, table
from symrelu.sweep.tasks import find_task, tasks_up_to

__all__ = ["Cluster", "Interrupted", "Processes", "Sweep", "find_task", "read_sweep", "sweep", "table", "tasks_up_to"]
