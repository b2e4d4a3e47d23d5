"""Repeats: slow tests on further families and sizes, where each fact is tested on others already. `make test` leaves
them out, `make exhaustive` runs them too (before a release, and after changes to what they test).
"""

REPEATS: dict[str, tuple[str, ...]] = {
    "branching/test_branches.py::test_points_are_critical_by_the_definition_with_the_index_claimed": ("4",),
    "branching/test_branches.py::test_branches_meet_other_families_at_integers": ("3a",),
    "branching/test_branches.py::test_the_table_in_the_readme": ("2b", "3b"),
    "claims/test_minima.py::test_minima_from_the_highest_threshold_on": ("2b-6.74483-x1", "3b-7.72975-x1"),
    "proof/test_certify.py::test_minima_from_some_d_on_are_checked": ("4-10",),
    "families/test_printing.py::test_text_latex_and_jupyter_say_the_same": ("2b-7", "3b-6", "4-6"),
    "families/test_comparison.py::test_differences_are_those_of_the_matrices": ("2b-1b-blocks2", "2a-2b-blocks3"),
    "series/test_proof.py::test_every_wrong_coefficient_is_seen": ("3b", "4"),
    "spectrum/test_frobenius.py::test_frobenius_norm_identically": ("d-values1-2", "d-1,1-values4-1"),
    "spectrum/test_contract.py::test_lower_orders_are_prefixes": ("3b-2", "4-2", "2b-1"),
    "spectrum/test_contract.py::test_sum_of_the_branches_is_the_trace": ("3b-2", "4-2", "2b-1"),
    "spectrum/test_oracle.py::test_all_branches_to_20_digits": ("3b-1", "3b-2", "4-1", "d-4,4:-,+-2"),
    "spectrum/test_rescaling.py::test_trace_series_against_the_definition_at_tiny_t": ("3a",),
}


def marks(found: dict[str, set[str]]) -> set[str]:
    """The ids of the repeats among the tests that were found (test: its parameters).

    Raises ValueError for repeats that are gone: the list would be wrong.
    """
    chosen = set()
    for test, wanted in REPEATS.items():
        if test in found:
            gone = set(wanted) - found[test]
            if gone and len(found[test]) > len(wanted):
                raise ValueError(f"tests/exhaustive.py: {test} has no parameters {sorted(gone)}")
            chosen |= {f"{test}[{parameters}]" for parameters in wanted}
    return chosen
