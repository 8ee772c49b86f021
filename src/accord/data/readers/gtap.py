"""The GTAP data base: a header array file (basedata.har), million dollars.

Who buys what is known by agent, at basic prices, for goods from home (VDFB, VDPB, VDGB, VDIB) and
from abroad (VMFB, VMPB, VMGB, VMIB). Who sells to whom is known by good alone: at the border of the
seller (VFOB), on arrival (VCIF) and with duty (VMSB). So the imports of a good are split among
agents as all its imports are. Releases before version 10 call the same arrays VDFM, VIFM, VXWD, ...

Flows are at the border of the seller. What lies between that and arrival is bought from those who
supply transport (VST), as a service. Duty is that of the file, over the flow. Taxes within a
country count with value added.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from accord.core.errors import InputError, Problem
from accord.core.provenance import Source
from accord.data.industries import ALL_REGION_NAMES
from accord.data.readers.har import Header, read_headers
from accord.data.readers.table.grid import SUBJECT
from accord.data.readers.table.table import LabelledTable
from accord.data.records import Adjustment

OLDER = {
    "VDFB": "VDFM", "VMFB": "VIFM", "VDPB": "VDPM", "VMPB": "VIPM", "VDGB": "VDGM", "VMGB": "VIGM",
    "VFOB": "VXWD", "VCIF": "VIWS", "VMSB": "VIMS", "VST": "VST", "VTWR": "VTWR",
}  # fmt: skip
"""Names that releases before version 10 give the arrays of later ones."""
OPTIONAL = ("VDIB", "VMIB")
"""Investment: where these are missing, it is a column of the firms' purchases, such as CGDS."""
SUBSIDY = "subsidies on imports dropped"
USES = ("households", "government", "investment")
SOURCE = Source(
    id="gtap", title="GTAP data base", url="https://www.gtap.agecon.purdue.edu/databases/",
    licence="GTAP licence of the user", grade="A",
)  # fmt: skip
Axes = tuple[tuple[str, ...], ...]


def read_gtap(files: tuple[Path, ...]) -> LabelledTable:
    """Return the table of a GTAP data base (million USD); sectors are GTAP's.

    Raises:
        InputError: The file cannot be read, or arrays are missing or of other labels; all at once.
    """
    path = files[0]
    headers = read_headers(path)
    problems: list[Problem] = []
    arrays = {
        name: header
        for name, older in (*OLDER.items(), *((name, name) for name in OPTIONAL))
        if (header := headers.get(name, headers.get(older))) is not None
    }
    problems += [
        Problem(path.name, f"has no array {name}",
                f"Give basedata.har; older releases call it {older}")
        for name, older in OLDER.items()
        if name not in arrays
    ]  # fmt: skip
    if problems:
        raise InputError(problems, SUBJECT)
    return _build(path, arrays)


def _build(path: Path, arrays: Mapping[str, Header]) -> LabelledTable:
    goods, sources, buyers = arrays["VCIF"].labels
    actors = arrays["VDFB"].labels[1]
    margins = arrays["VST"].labels[0]
    axes: dict[str, Axes] = {
        "VDFB": (goods, actors, buyers), "VMFB": (goods, actors, buyers),
        **dict.fromkeys(("VDPB", "VMPB", "VDGB", "VMGB", "VDIB", "VMIB"), (goods, buyers)),
        **dict.fromkeys(("VFOB", "VCIF", "VMSB"), (goods, sources, buyers)),
        "VST": (margins, buyers), "VTWR": (margins, goods, sources, buyers),
    }  # fmt: skip
    problems = [
        Problem(f"{path.name}, array {name}", "has other labels than the arrays beside it",
                "Export all arrays with the same sets")
        for name, header in arrays.items()
        if [sorted(labels) for labels in header.labels] != [sorted(axis) for axis in axes[name]]
    ]  # fmt: skip
    missing = sorted(set(goods) - set(actors)) + sorted(set(sources) ^ set(buyers))
    if missing:
        message = f"has goods that nobody makes, or regions on one side: {', '.join(missing[:5])}"
        problems.append(Problem(path.name, message, "Export all arrays with the same sets"))
    if problems:
        raise InputError(problems, SUBJECT)
    value = {name: _on_axes(header, axes[name], buyers) for name, header in arrays.items()}
    firms, others = [actors.index(good) for good in goods], [
        at for at, actor in enumerate(actors) if actor not in goods
    ]  # fmt: skip
    home = _by_agent(value, "D", firms, others)
    abroad = _by_agent(value, "M", firms, others)
    return _assemble(value, home, abroad, (goods, buyers, margins))


def _on_axes(header: Header, axes: Axes, regions: tuple[str, ...]) -> np.ndarray:
    """Return the values in the order of the axes; sources are in that of the buyers."""
    wanted = [regions if sorted(axis) == sorted(regions) else axis for axis in axes]
    order = [[labels.index(name) for name in axis]
             for labels, axis in zip(header.labels, wanted, strict=True)]  # fmt: skip
    return np.asarray(header.values[np.ix_(*order)], dtype=np.float64)


def _by_agent(
    value: Mapping[str, np.ndarray], side: str, firms: list[int], others: list[int]
) -> np.ndarray:
    """Return purchases by good, agent and region: firms first, then the three final uses."""
    bought = value[f"V{side}FB"]
    stock = bought[:, others].sum(axis=1) + value.get(f"V{side}IB", 0.0)
    final = np.stack([value[f"V{side}PB"], value[f"V{side}GB"], stock], axis=1)
    return np.concatenate([bought[:, firms], final], axis=1)


def _assemble(
    value: Mapping[str, np.ndarray], home: np.ndarray, abroad: np.ndarray, axes: Axes
) -> LabelledTable:
    goods, regions, margins = axes
    count, size = len(goods), len(regions)
    flow, landed = value["VFOB"], value["VMSB"]  # good, source, buyer
    at_border = flow.sum(axis=1)
    total = abroad.sum(axis=1)
    share = np.divide(abroad, total[:, None], out=np.zeros_like(abroad), where=total[:, None] > 0)
    share[:, count, :] += np.where(total > 0, 0.0, 1.0)  # imports nobody is said to buy
    sales = np.einsum("cin,can->anic", flow, share)  # agent, importer, exporter, good
    paid = home + share * at_border[:, None]  # good, agent, region
    carried = np.einsum("mcin,can->amn", value["VTWR"], share)
    supply = value["VST"] / np.maximum(value["VST"].sum(axis=1, keepdims=True), 1e-300)
    at = [goods.index(name) for name in margins]
    sales[:, :, :, at] += np.einsum("amn,mi->anim", carried, supply)
    paid[at] += carried.transpose(1, 0, 2)
    own = np.arange(size)
    sales[:, own, own] += home.transpose(1, 2, 0)
    cif = value["VCIF"]
    flows = sales.sum(axis=0)
    duty = (landed - cif).transpose(2, 1, 0)
    tariff = np.divide(duty, flows, out=np.zeros_like(flows), where=flows > 0)
    subsidies = tuple(
        Adjustment(SUBSIDY, _region(regions[n]), "", float(amount), 0.0, "unit")
        for n, amount in enumerate(np.minimum(duty, 0.0).sum(axis=(1, 2)).tolist())
        if amount < 0
    )
    return LabelledTable(
        regions=tuple(_region(name) for name in regions), sectors=goods,
        sold_to_industries=sales[:count].sum(axis=0), sold_to_final=sales[count:], uses=USES,
        bought=paid[:, :count].transpose(2, 0, 1), tariff=np.maximum(tariff, 0.0),
        cuts=subsidies, scheme="gtap", source=SOURCE,
    )  # fmt: skip


def _region(label: str) -> str:
    """Return the code of a country in capitals; a region of the data base keeps its label."""
    return label.upper() if label.upper() in ALL_REGION_NAMES else label
