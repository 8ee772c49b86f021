"""The economies that are timed: published inputs, the embedded world, and invented ones."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from accord.data.store import load_world
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock

# The authors' files lie beside a checkout of the project, where somebody put them; not in it.
PUBLISHED = Path(__file__).parents[2] / "shared" / "data" / "caliendo_parro_2015"
TRADED = 20
SERVICES_ELASTICITY = 8.22
CANADA, MEXICO, UNITED_STATES = 4, 19, 29
RISE = 0.25
SEED = 20250730
DRAWN = 7  # seed of the rates of many members


@dataclass(frozen=True)
class Case:
    """A model, the tariffs it is given, and the time it is allowed (milliseconds; None: any)."""

    name: str
    size: str
    model: TradeModel
    tariff: np.ndarray
    target: float | None


def build_cases(*, quick: bool) -> list[Case]:
    """Return the cases of the tables; a few small invented worlds when `quick`."""
    if quick:
        return [
            _rise("6 x 4", build_invented(6, 4), None),
            _rise("9 x 6", build_invented(9, 6), None),
        ]
    return [
        *_published(),
        _embedded("world-2014", 2.0),
        _embedded("world-2022", None),
        _rise("77 x 45", build_invented(77, 45), 9.0),
    ]


def build_invented(regions: int, sectors: int, seed: int = SEED) -> TradeModel:
    """Return an invented economy: gravity flows, mostly domestic, sparse input shares."""
    N, J = regions, sectors
    draw = np.random.default_rng(seed)
    size = np.exp(draw.normal(0, 1.2, N))
    distance = np.exp(draw.normal(0, 0.8, (N, N, J)))
    flows = size[:, None, None] * size[None, :, None] * distance
    flows *= np.exp(draw.normal(0, 0.7, (1, N, J)))
    home = np.arange(N)
    flows[home, home] *= 15 * N
    flows /= flows.sum()
    beta = draw.uniform(0.25, 0.6, (N, J))
    gamma = draw.dirichlet(np.full(J, 0.3), (N, J)).transpose(0, 2, 1) * (1 - beta)[:, None, :]
    tariff = draw.uniform(0, 0.1, (N, N, J))
    tariff[home, home] = 0
    bought = (flows * (1 + tariff)).sum(axis=1)
    inputs = np.einsum("nkj,nj->nk", gamma, flows.sum(axis=0))
    gamma *= np.minimum(1, 0.8 * bought / inputs)[:, :, None]  # leaves final demand positive
    return TradeModel.from_arrays(
        flows=flows,
        tariff=tariff,
        value_added_share=1 - gamma.sum(axis=1),
        input_share=gamma,
        elasticity=draw.uniform(2, 10, J),
    )


def build_embedded(name: str = "world-2014") -> TradeModel:
    """Return the model of a world that comes with Accord."""
    world = load_world(name)
    return TradeModel.from_arrays(
        flows=world.flows,
        tariff=world.tariff,
        value_added_share=world.value_added_share,
        input_share=world.input_share,
        elasticity=world.elasticity,
        labels=(world.regions, world.sectors),
    )


def raise_by_largest(model: TradeModel, sectors: int) -> np.ndarray:
    """Return tariffs with 25 points more by the largest economy on the first `sectors`."""
    largest = int(model.value_added.argmax())
    tariff = np.array(model.tariff)
    tariff[largest, :, :sectors] += RISE
    tariff[largest, largest] = 0
    return tariff


def draw_shocks(model: TradeModel, count: int) -> list[TradeShock]:
    """Return rates of the largest importer on each exporter and sector, drawn anew each time."""
    draw, largest = np.random.default_rng(DRAWN), int(model.value_added.argmax())
    shocks = []
    for _ in range(count):
        tariff = np.array(model.tariff)
        tariff[largest] += draw.uniform(0, RISE, tariff[largest].shape)
        tariff[largest, largest] = 0
        shocks.append(TradeShock(tariff=tariff))
    return shocks


def _rise(size: str, model: TradeModel, target: float | None) -> Case:
    tariff = raise_by_largest(model, len(model.sectors))
    return Case("largest +25 points", size, model, tariff, target)


def _embedded(name: str, target: float | None) -> Case:
    model = build_embedded(name)
    services = len(model.sectors) - 1
    size = f"{len(model.regions)} x {len(model.sectors)}"
    return Case("US +25 points", size, model, raise_by_largest(model, services), target)


def _published() -> list[Case]:
    """Return the cases of 31 regions and 40 sectors, invented where there are no files."""
    if PUBLISHED.is_dir():
        model, later = _read_published()
        size = "31 x 40"
    else:
        model = build_invented(31, 40)
        later = 0.4 * np.array(model.tariff)
        size = "31 x 40 (invented)"
    members = [CANADA, MEXICO, UNITED_STATES]
    nafta = np.array(model.tariff)
    nafta[np.ix_(members, members)] = later[np.ix_(members, members)]
    return [
        Case("NAFTA, balanced", size, model.balanced, nafta, 3.0),
        Case("all tariffs 1993-2005", size, model, later, 3.0),
        Case("US +25 points", size, model, raise_by_largest(model, TRADED), 3.0),
    ]


def _read_published() -> tuple[TradeModel, np.ndarray]:
    """Return the model of Caliendo and Parro's own inputs for 1993, and the tariffs of 2005."""
    N, J = 31, 40
    trade = _read_cube("xbilat1993.txt", N) * 1000
    before, after = (_read_cube(f"tariffs{year}.txt", N) / 100 for year in (1993, 2005))
    beta = np.loadtxt(PUBLISHED / "B.txt").T
    output = np.loadtxt(PUBLISHED / "GO.txt").T
    theta = np.full(J, SERVICES_ELASTICITY)
    theta[:TRADED] = np.loadtxt(PUBLISHED / "T.txt")
    recipes = np.loadtxt(PUBLISHED / "IO.txt").reshape(N, J, J)
    total = recipes.sum(axis=1, keepdims=True)
    gamma = np.divide(recipes, total, out=np.full_like(recipes, 1 / J), where=total > 0)
    gamma *= (1 - beta)[:, None, :]
    exports = trade.sum(axis=0)
    home = np.arange(N)
    trade[home, home] += np.maximum(output - exports, 0)
    sales, spent = trade.sum(axis=0), trade * (1 + before)
    bought = spent.sum(axis=1)
    final = np.maximum(bought - np.einsum("nkj,nj->nk", gamma, sales), 0)
    model = TradeModel.from_shares(
        trade_share=spent / bought[:, None, :],
        final_share=final / final.sum(axis=1, keepdims=True),
        tariff=before,
        value_added_share=beta,
        input_share=gamma,
        elasticity=theta,
        value_added=(beta * sales).sum(axis=1),
        deficit=trade.sum(axis=(1, 2)) - trade.sum(axis=(0, 2)),
    )
    return model, after


def _read_cube(name: str, regions: int) -> np.ndarray:
    """Return a table of the traded sectors as importer, exporter, sector; the others are zero."""
    table = np.loadtxt(PUBLISHED / name).reshape(TRADED, regions, regions)
    return np.concatenate([table, np.zeros_like(table)]).transpose(1, 2, 0)
