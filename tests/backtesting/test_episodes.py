"""The shipped episodes: every figure has a source, a grade and a place in the embedded world."""

from datetime import date, timedelta

import numpy as np
import pytest

from accord.backtesting.episode import MEASURES, episode_names, load_episode
from accord.backtesting.tariffs import is_good, period_tariff
from accord.core.provenance import GRADES
from accord.data.store import load_world
from accord.deal.products import expand_regions
from tests.reference import reference_file

pytestmark = pytest.mark.parametrize("name", episode_names())


def test_every_outcome_is_cited_and_about_something(name):
    episode, world = load_episode(name), load_world()
    known = {source.id for source in episode.sources}
    assert len({outcome.name for outcome in episode.outcomes}) == len(episode.outcomes)
    for outcome in episode.outcomes:
        assert outcome.measure in MEASURES
        assert outcome.grade in GRADES
        assert outcome.sources
        assert set(outcome.sources) <= known, outcome.name
        assert outcome.start <= outcome.end
        assert all(world.sectors_named(name) for name in outcome.sectors)
        assert all(expand_regions([code], world.regions) for code in outcome.exporters)
        assert outcome.against is None or episode.days[0].year <= outcome.against < outcome.end.year
        if outcome.grade == "D":
            assert outcome.note, f"{outcome.name}: the arithmetic is not stated"
    for source in episode.sources:
        assert source.title
        assert source.date
        assert source.licence


def test_tariffs_of_a_day_have_the_published_means(name):
    episode, world = load_episode(name), load_world()
    at = world.regions.index(episode.importer)
    imports = world.flows[at] * is_good(world)
    assert list(episode.days) == sorted(episode.days)
    for day, number in ((day, at) for at, day in enumerate(episode.days)):
        end = day if number + 1 == len(episode.days) else episode.days[number + 1] - timedelta(1)
        more = period_tariff(episode, world, day, end)[at] - world.tariff[at]
        for exporter, rates in episode.added.items():
            rows = [world.regions.index(row) for row in expand_regions([exporter], world.regions)]
            mean = (more[rows] * imports[rows]).sum() / imports[rows].sum()
            assert mean == pytest.approx(rates[number], abs=1e-9), (exporter, day)


def test_before_the_first_day_the_tariffs_are_those_of_the_base_year(name):
    episode, world = load_episode(name), load_world()
    eve = episode.days[0] - timedelta(days=1)
    tariff = period_tariff(episode, world, eve - timedelta(days=20), eve)
    np.testing.assert_allclose(tariff, world.tariff, atol=1e-12)


def test_the_series_of_2025_is_the_published_one(name):
    if name != "2025":
        pytest.skip("only this series is in the reference data")
    rows = reference_file("us_tariffs_2025/country-by-time.csv").read_text(encoding="utf-8")
    known = {"CHN": "CHINA", "MEX": "MEXICO", "CAN": "CANADA", "TWN": "TAIWAN", "IND": "INDIA"}
    episode = load_episode(name)
    for code, title in known.items():
        lines = [line.split(",") for line in rows.splitlines() if line.split(",")[1] == title]
        published = {date.fromisoformat(line[0]): float(line[2]) / 100 for line in lines}
        for day, rate in zip(episode.days, episode.added[code], strict=True):
            assert rate == pytest.approx(published[day], abs=6e-5), (code, day)


def test_metals_of_2018_are_charged_by_partner_and_day(name):
    """From the law: nobody before 23 March, Canada from June to May, Brazil's steel never."""
    if name != "2018":
        pytest.skip("metals of 2018")
    episode, world = load_episode(name), load_world()
    at = world.regions.index("USA")
    metals = [world.sector_index(name) for name in world.sector_groups["basic_metals"]]

    def added(exporter, day):
        row = world.regions.index(exporter)
        more = period_tariff(episode, world, day, day) - world.tariff
        bought = world.flows[at, row, metals]
        return float(more[at, row, metals] @ bought / bought.sum())

    assert added("JPN", date(2018, 3, 22)) == 0.0
    assert added("JPN", date(2018, 3, 23)) > 0.05
    spring, summer = date(2018, 5, 31), date(2018, 6, 1)
    for exporter in ("CAN", "MEX", "DEU", "GBR"):
        assert added(exporter, spring) == 0.0
        assert added(exporter, summer) > 0.03
    assert added("CAN", date(2019, 5, 20)) == 0.0
    assert added("DEU", date(2019, 12, 31)) == added("DEU", summer)
    assert added("AUS", summer) == 0.0
    assert 0 < added("BRA", summer) < added("TUR", summer)  # aluminium alone, against both
    turkey = added("TUR", summer)
    assert added("TUR", date(2018, 8, 13)) > 1.5 * turkey
    assert added("TUR", date(2019, 5, 21)) == turkey
    # China's metals are in its mean rate, which is met exactly: nothing is added twice.
    assert not any("CHN" in clause.exporters for clause in episode.clauses)
    assert all("CHN" in c.except_exporters for c in episode.clauses if "all" in c.exporters)
