"""A file of tariffs: importer, exporter, sector and rate, in the labels of the world."""

from pathlib import Path

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.rates import check_rate_units
from accord.core.words import propose
from accord.data.readers.table.grid import shorten
from accord.data.readers.table.mapping import REST
from accord.data.readers.table.records import read_records

NEEDED = ("importer", "exporter", "sector", "rate")


def read_tariffs(
    path: Path,
    regions: tuple[str, ...],
    sectors: tuple[str, ...],
    base: Float[np.ndarray, "importer exporter sector"],
) -> Float[np.ndarray, "importer exporter sector"]:
    """Return the tariffs of a file over those of the table, fractions of customs value.

    `*` stands for all regions, or all sectors; a later line goes before an earlier one. Domestic
    sales pay no duty.

    Raises:
        InputError: Columns or labels are wrong, or rates are per cents; all told at once.
    """
    records = read_records(path, NEEDED, number="rate")
    problems: list[Problem] = []
    tariff = base.copy()
    axes = (("importer", regions), ("exporter", regions), ("sector", sectors))
    for line, rate in enumerate(records.numbers["rate"].tolist()):
        cell = []
        for column, labels in axes:
            name = records.texts[column][line]
            if name != REST and name not in labels:
                message = f'{column} "{name}" is not in the world'
                problems.append(Problem(records.where(line), message, propose(name, labels)))
            cell.append(range(len(labels)) if name == REST else
                        [labels.index(name)] if name in labels else [])  # fmt: skip
        tariff[np.ix_(*cell)] = rate
    problems += check_rate_units(f"{path.name}, column rate", records.numbers["rate"])
    if problems:
        raise InputError(shorten(problems, path.name), "the tariffs")
    at_home = np.arange(len(regions))
    tariff[at_home, at_home] = base[at_home, at_home]
    return tariff
