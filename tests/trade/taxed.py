"""Worlds with taxes, and their equilibrium solved a second time: cell by cell, in levels."""

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import root

from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from tests.trade.worlds import Traits, draw_model, supply_inputs

SIZE = (3, 4)


def draw_rates(rng: np.random.Generator, most: float = 0.3) -> dict[str, Any]:
    """Return taxes and subsidies on exports, making and using; no exports to oneself."""
    N, J = SIZE
    export = rng.uniform(-most / 3, most, (N, N, J)) * ~np.eye(N, dtype=bool)[:, :, None]
    made, used = (rng.uniform(-most / 3, most, (N, J)) for _ in range(2))
    return {"export_tax": export, "production_tax": made, "consumption_tax": used}


def draw_taxed(rng: np.random.Generator, traits: Traits = Traits()) -> TradeModel:  # noqa: B008
    """Return a world whose accounts hold with taxes of every kind in them."""
    model = draw_model(rng, SIZE, traits)
    return TradeModel.from_arrays(
        flows=supply_inputs(model.flows, model.tariff, 1.3 * model.input_share),
        tariff=model.tariff,
        value_added_share=model.value_added_share,
        input_share=model.input_share,
        elasticity=model.elasticity,
        scale_elasticity=model.scale_elasticity,
        labour_tax=rng.uniform(0.1, 0.4, SIZE[0]),
        **draw_rates(rng),
    )


def draw_reform(rng: np.random.Generator, model: TradeModel, most: float = 0.3) -> TradeShock:
    """Return new tariffs and new taxes of every kind."""
    tariff = model.tariff + most * rng.random(model.tariff.shape)
    tariff[np.arange(SIZE[0]), np.arange(SIZE[0])] = 0.0
    return replace(TradeShock(tariff=tariff), **draw_rates(rng, most))


def solve_in_levels(
    model: TradeModel,
    shock: TradeShock,
    kappa: float,
    *,
    relief: bool,
    near: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Return the equilibrium under perfect competition, with deficits as they were.

    The search begins from rates of the labour tax that it is to be `near`, those of the baseline
    if they are left out.

    Nothing of the engine is used: prices, spending and taxes are added up cell by cell, and a
    general root finder clears the markets.
    """
    N, J = model.sales.shape
    old, new = _gross(model, TradeShock()), _gross(model, shock)
    nu = np.zeros(N) if model.labour_tax is None else model.labour_tax
    world = model.value_added.sum()

    def look(z: np.ndarray) -> dict[str, np.ndarray]:
        w, P = np.exp(z[:N]), np.exp(z[N : N + N * J]).reshape(N, J)
        Y = np.exp(z[N + N * J : N + 2 * N * J]).reshape(N, J) * world
        income, kept = z[-2 * N : -N] * world, np.exp(z[-N:])
        sold, price, spent = np.zeros((N, J)), np.zeros((N, J)), np.zeros((N, N, J))
        duty, charged = np.zeros(N), np.zeros(N)
        cost = np.array([[w[n] ** model.value_added_share[n, j]
                          * np.prod(P[n] ** model.input_share[n, :, j])
                          for j in range(J)] for n in range(N)])  # fmt: skip
        consumer = np.ones(N)
        for n in range(N):
            for k in range(J):
                final = model.final_share[n, k] * income[n]
                free_of_tax = final / new["use"][n, k]
                charged[n] += final - free_of_tax
                consumer[n] *= (P[n, k] * new["use"][n, k] / old["use"][n, k]) ** model.final_share[
                    n, k
                ]
                X = free_of_tax + model.input_share[n, k] @ Y[n]
                dear = [cost[i, k]
                        * new["make"][i, k] * new["export"][n, i, k] * new["tariff"][n, i, k]
                        / (old["make"][i, k] * old["export"][n, i, k] * old["tariff"][n, i, k])
                        for i in range(N)]  # fmt: skip
                offer = model.trade_share[n, :, k] * np.array(dear) ** -model.elasticity[k]
                price[n, k] = offer.sum() ** (-1 / model.elasticity[k])
                for i in range(N):
                    spent[n, i, k] = X * offer[i] / offer.sum()
                    customs = spent[n, i, k] / new["tariff"][n, i, k]
                    gate = customs / new["make"][i, k] / new["export"][n, i, k]
                    duty[n] += spent[n, i, k] - customs
                    charged[i] += customs - gate
                    sold[i, k] += gate
        L = (w * kept / (1 - nu) / consumer) ** kappa if kappa else np.ones(N)
        wages = w * L * model.value_added
        budget = kept - (1 - nu)
        if relief:
            budget = (kept - 1) * wages + consumer * model.budget(TradeConfig()) - duty - charged
        gaps = [
            (model.value_added_share * Y).sum(axis=1)[1:] / wages[1:] - 1,
            [wages.sum() / world - 1],
            (np.log(price) - np.log(P)).ravel(),
            ((sold - Y) / world).ravel(),
            (wages + duty + charged + model.deficit - income) / world,
            budget,
        ]
        return {"gap": np.concatenate(gaps), "wage": w, "price": P, "sales": Y, "income": income,
                "spent": spent, "labour": L, "consumer": consumer, "labour_tax": 1 - kept,
                "duty": duty, "charged": charged}  # fmt: skip

    rates = nu if near is None else near
    begin = np.concatenate([np.zeros(N + N * J), np.log(model.sales / world).ravel(),
                            model.income / world, np.log(1 - rates)])  # fmt: skip
    ended = root(lambda z: look(z)["gap"], begin, tol=1e-14)
    solved = look(ended.x)
    assert np.abs(solved["gap"]).max() < 1e-11
    return solved


def _gross(model: TradeModel, shock: TradeShock) -> dict[str, np.ndarray]:
    """Return one plus every rate, before or after a shock."""
    rates = {}
    for key, name in {"tariff": "tariff", "export": "export_tax", "make": "production_tax",
                      "use": "consumption_tax"}.items():  # fmt: skip
        rate = getattr(shock, name)
        rate = getattr(model, name) if rate is None else rate
        cube = key in ("tariff", "export")
        shape = model.tariff.shape if cube else model.sales.shape
        rates[key] = 1 + (np.zeros(shape) if rate is None else rate)
    return rates
