"""EXIOBASE 3 as its folders of text files: Z.txt or A.txt with x.txt, Y.txt, unit.txt; million EUR.

Two rows and two columns of labels give region and sector (region and category of final use in Y).
Where only A is there, output is what final use needs, directly and through all stages.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from accord.core.errors import InputError, Problem
from accord.core.provenance import Source
from accord.data.readers.objects import check_labels, read_object
from accord.data.readers.table.codes import OF_TWO_LETTERS
from accord.data.readers.table.grid import SUBJECT, WHOLE, check_same, read_text_grid, stop
from accord.data.readers.table.table import LabelledTable

if TYPE_CHECKING:
    import pandas as pd

SOURCE = Source(
    id="exiobase-3",
    title="EXIOBASE 3",
    url="https://www.exiobase.eu",
    licence="CC BY-SA 4.0",
    grade="A",
)
KNOWN_USES = {"Changes in inventories": "inventories", "Changes in valuables": "stocks"}


def read_exiobase(files: tuple[Path, ...]) -> LabelledTable:
    """Return the table of a folder of EXIOBASE 3 (million EUR, or as unit.txt says).

    Raises:
        InputError: Files are missing or wrong; all problems at once.
    """
    from dataclasses import replace

    folder = files[0] if files[0].is_dir() else files[0].parent
    present = {path.stem: path for path in sorted(folder.glob("*.txt"))}
    problems = []
    if "Y" not in present:
        problems.append(Problem(str(folder / "Y.txt"), "is missing", "Unpack the whole archive"))
    if not {"Z", "A"} & set(present):
        problems.append(Problem(str(folder / "A.txt"), "is missing, and Z.txt too",
                                "Unpack the whole archive"))  # fmt: skip
    if problems:
        raise InputError(problems, SUBJECT)
    final = _frame(present["Y"])
    inputs = _frame(present["Z" if "Z" in present else "A"])
    output = _frame(present["x"], stubs=2).iloc[:, :1] if "x" in present else None
    if "Z" not in present:
        inputs = _scale_shares(inputs, final, output)
    table = read_object({"Z": inputs, "Y": final, "x": output, "unit": _read_units(present)})
    regions = tuple(OF_TWO_LETTERS.get(region, region) for region in table.regions)
    uses = tuple(KNOWN_USES.get(use, use) for use in table.uses)
    return replace(table, regions=regions, uses=uses, source=SOURCE)


def _scale_shares(
    shares: "pd.DataFrame", final: "pd.DataFrame", output: "pd.DataFrame | None"
) -> "pd.DataFrame":
    """Return inputs from their shares in output, which is found from final use if not given.

    Raises:
        InputError: Labels differ between rows, columns and files, or no output meets final use.
    """
    rows, columns = (list(map("_".join, index)) for index in (shares.index, shares.columns))
    problems = check_same("A.txt", rows, columns)
    problems += check_labels(shares, {"Y": final, "x": output}, WHOLE, name="A")
    if problems:
        raise InputError(problems, SUBJECT)
    shares = shares.loc[:, shares.index]
    if output is not None:
        return shares * output.loc[shares.index].to_numpy().ravel()
    demand = final.loc[shares.index].sum(axis=1).to_numpy()
    try:
        return shares * np.linalg.solve(np.eye(len(shares)) - shares.to_numpy(), demand)
    except np.linalg.LinAlgError as error:
        raise stop("A.txt", "holds shares that no output meets", WHOLE) from error


def _frame(path: Path, *, stubs: int = 2) -> "pd.DataFrame":
    """Return a file as a frame labelled by pairs; a row that names the columns of labels is left.

    Raises:
        InputError: Its cells are no numbers.
    """
    import pandas as pd

    grid = read_text_grid(path, heads=1 if path.stem == "x" else 2, stubs=stubs)
    named = [at for at, label in enumerate(grid.stub[0]) if label.casefold() == "region"]
    rows = np.array([at not in named for at in range(len(grid.stub[0]))], dtype=bool)
    problems = grid.check(rows, np.ones(grid.values.shape[1], dtype=bool))
    if problems:
        raise InputError(problems, SUBJECT)
    index = pd.MultiIndex.from_arrays([np.array(part, dtype=object)[rows] for part in grid.stub])
    columns = pd.MultiIndex.from_arrays(grid.head) if len(grid.head) > 1 else grid.head[0]
    return pd.DataFrame(grid.values[rows], index=index, columns=columns)


def _read_units(present: dict[str, Path]) -> "pd.DataFrame":
    """Return the frame of units; million euros where there is no such file."""
    import pandas as pd

    if "unit" not in present:
        return pd.DataFrame({"unit": ["M.EUR"]})
    try:
        frame = pd.read_csv(present["unit"], sep="\t", dtype=str)
    except (ValueError, OSError) as error:
        raise stop(present["unit"], "cannot be read", "Unpack the archive again") from error
    return frame[[frame.columns[-1]]]
