"""The tables of a study of the car market."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.assessment.cars.scenario import CarBaseline, CarScenario, CarTable, interval
from accord.markets.sensitivity import differentiate_market
from accord.markets.solution import MarketOutcome

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
THOUSAND = 1000.0  # mn of units, or thousand dollars, in thousands of units, or dollars
GOODS = {"product": "cars", "over_quota": "cars beyond the quota", "parts": "parts"}
POINT = 0.01
BORNE = ("buyers", "dealers", "makers", "stocks", "treasury", "building")


def build_table(
    base: CarBaseline, scenarios: Sequence[CarScenario], table: CarTable
) -> "pd.DataFrame":
    """Return one table of a study, a row a scenario and maker, country or source."""
    import pandas as pd

    if table == "sources":
        kept = ("id", "title", "date", "url", "licence", "grade")
        return pd.DataFrame(
            [{name: getattr(source, name) for name in kept} for source in base.market.sources]
        )
    make = {
        "makers": _makers, "market": _market, "countries": _countries, "points": _points,
    }[table]  # fmt: skip
    return pd.DataFrame(
        [
            {"scenario": item.name, "run": item.run, **row}
            for item in scenarios
            for row in make(base, item)
        ]
    )


def _makers(base: CarBaseline, item: CarScenario) -> Iterator[Row]:
    """Yield prices, units, profit and who bears the duty, by maker."""
    value = item.central.value
    drawn = None if item.drawn is None else item.drawn.value
    for at, maker in enumerate(base.market.makers):
        own = np.array(base.market.maker) == maker
        before, after = value.before, value.after
        units, sold = before.units[own].sum(), after.units[own].sum()
        low, high = interval(None if drawn is None else profit_change(drawn)[:, at])
        fewer, more = interval(None if drawn is None else units_change(drawn, own))
        yield {
            "maker": maker,
            "price": THOUSAND * (before.price[own] @ before.units[own]) / units,
            "price_change": THOUSAND * price_change(value, own),
            "units": THOUSAND * units,
            "units_change": sold / units - 1,
            "units_low": fewer,
            "units_high": more,
            "share": sold / after.units.sum(),
            "share_change": sold / after.units.sum() - units / before.units.sum(),
            "profit": before.profit[at],
            "profit_change": profit_change(value)[at],
            "low": low,
            "high": high,
            **{name: getattr(value.incidence, name)[at] for name in BORNE},
            "moved_home": THOUSAND * (after.moved * after.units)[own].sum(),
        }


def _market(base: CarBaseline, item: CarScenario) -> Iterator[Row]:
    """Yield what the whole market pays, buys and builds at home."""
    value = item.central.value
    drawn = None if item.drawn is None else item.drawn.value
    every = np.ones(len(base.market.maker), dtype=bool)
    home = np.array(base.market.country) == base.market.home
    before, after = value.before, value.after
    low, high = interval(None if drawn is None else drawn.consumer_surplus)
    yield {
        "duty_before": value.duty_paid[0],
        "duty_after": value.duty_paid[1],
        **{name: getattr(value.incidence, name).sum() for name in BORNE},
        "profit_change": profit_change(value).sum(),
        "consumer_surplus": float(value.consumer_surplus),
        "low": low,
        "high": high,
        "price_change": THOUSAND * price_change(value, every),
        "units_change": after.units.sum() / before.units.sum() - 1,
        "built_home": THOUSAND * _built_home(value, home),
        "built_home_change": THOUSAND * (_built_home(value, home) - before.units[home].sum()),
        "moved_home": THOUSAND * (after.moved * after.units).sum(),
        "own_elasticity": _mean_elasticity(value),
        "markup": ((before.price - before.cost) / before.price) @ before.units / before.units.sum(),
        "segment_correlation": float(value.correlation),
    }


def _countries(base: CarBaseline, item: CarScenario) -> Iterator[Row]:
    """Yield imports by country, beside what the trade engine says of the sector."""
    value = item.central.value
    drawn = None if item.drawn is None else item.drawn.value
    for country in base.market.countries:
        if country == base.market.home:
            continue
        own = np.array(base.market.country) == country
        low, high = interval(None if drawn is None else imports_change(drawn, own))
        quota = item.central.plan.after.quota.get(country, float("nan"))
        enters = (1 + float(imports_change(value, own))) * value.before.units[own].sum()
        yield {
            "country": country,
            "rate_before": base.rates.cars[country],
            "rate_after": item.rates.cars[country],
            "parts_after": item.rates.parts[country],
            "units": THOUSAND * value.before.units[own].sum(),
            "units_change": float(imports_change(value, own)),
            "low": low,
            "high": high,
            "quota": THOUSAND * quota,
            "quota_used": enters / quota,
            "trade_engine": item.trade_change.get(country, float("nan")),
        }


def _points(base: CarBaseline, item: CarScenario) -> Iterator[Row]:
    """Yield what one percentage point more of each duty does to each maker, and to all."""
    tangent = differentiate_market(item.central)
    makers = dict.fromkeys(item.central.plan.maker)
    for column, (kind, country) in enumerate(tangent.rates):
        if country == base.market.home or country not in item.rates.cars:
            continue
        if kind == "over_quota" and not tangent.profit[:, column].any():
            continue  # nobody pays it, and a little more changes nothing
        for at, maker in enumerate(makers):
            yield {
                "good": GOODS[kind],
                "country": country,
                "maker": maker,
                "profit": POINT * tangent.profit[at, column],
                "profit_of_all": POINT * tangent.profit[:, column].sum(),
                "duty": POINT * tangent.duty[column],
                "consumer_surplus": POINT * tangent.surplus[column],
            }


def profit_change(value: MarketOutcome) -> np.ndarray:
    """Return the change of profit by maker, bn USD a year; draws come first if there are any."""
    return np.asarray(value.after.profit - value.before.profit)


def units_change(value: MarketOutcome, own: np.ndarray) -> np.ndarray:
    """Return the change of units of the products chosen, a fraction."""
    before = value.before.units[..., own].sum(axis=-1)
    return np.asarray(value.after.units[..., own].sum(axis=-1) / before - 1)


def imports_change(value: MarketOutcome, own: np.ndarray) -> np.ndarray:
    """Return the change of what is still built in the country of the products, a fraction."""
    stays = (1 - value.after.moved) * value.after.units
    return np.asarray(stays[..., own].sum(axis=-1) / value.before.units[..., own].sum(axis=-1) - 1)


def price_change(value: MarketOutcome, own: np.ndarray) -> float:
    """Return the mean rise of the prices of the products chosen, by units after, money a unit."""
    rise, units = value.after.price - value.before.price, value.after.units
    return float(rise[own] @ units[own] / units[own].sum())


def _built_home(value: MarketOutcome, home: np.ndarray) -> float:
    """Return units built at home after, those that moved there included, mn."""
    return float(value.after.units[home].sum() + (value.after.moved * value.after.units).sum())


def _mean_elasticity(value: MarketOutcome) -> float:
    units = value.before.units
    return float(value.own_elasticity @ units / units.sum())
