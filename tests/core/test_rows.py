"""Rows that are the same, told apart by their bytes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from accord.core.numerics.rows import distinct

tables = st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from((0.0, 1.0, 0.1)), min_size=width, max_size=width),
        min_size=1, max_size=12,
    )
)  # fmt: skip


@given(table=tables)
def test_every_row_is_that_of_its_kind_and_kinds_differ(table):
    rows = np.array(table)
    first, kind = distinct(rows)
    np.testing.assert_array_equal(rows[first][kind], rows)
    assert len({tuple(row) for row in rows.tolist()}) == len(first)
    assert all((rows[:at] != rows[at]).any(axis=1).all() for at in first)


def test_columns_of_a_turned_table_are_read_in_their_own_order():
    table = np.arange(6.0).reshape(2, 3)
    first, kind = distinct(table.T)
    assert first.tolist() == kind.tolist() == [0, 1, 2]
