"""What packages do to supply chains and jobs: identities of a study, its tables, refusals."""

from dataclasses import replace

import numpy as np
import pytest

import accord as ac
from accord.assessment.chains.package import split_change
from accord.assessment.chains.tables import CHAINS_TABLES, summarise_matrix
from accord.core.errors import InputError
from accord.core.provenance import GRADES
from accord.lowering.chains.employment import count_persons, load_employment
from tests.flagship import flagship


@pytest.fixture(scope="module")
def study():
    return ac.supply_chains(flagship())


def assess_briefly(name, world=None):
    """A case with one set of elasticities, and its money on the path where all takes its mean."""
    settings = ac.AssessSettings(ranges=False, paths=0, draws=0)
    return ac.assess(ac.load_deal(name, world), world=world, settings=settings)


@pytest.fixture(scope="module")
def union():
    return ac.supply_chains(assess_briefly("us-eu-2025"), package="signed")


def aim(study, package, region, name):
    frame = study.to_frame("aims")
    for column, value in {"package": package, "region": region, "aim": name}.items():
        frame = frame[frame[column] == value]
    ((_, row),) = frame.iterrows()
    return row


def test_every_package_is_solved_with_every_set(study):
    assert [item.name for item in study.packages] == list(study.snapshot.names)
    count = len(study.snapshot.settings.sets_in_play(study.world))
    assert count > 1
    assert all(len(item.trade) == count for item in study.packages)


def test_the_mean_over_sets_is_that_of_the_snapshot(study):
    """Trade of a package is what the yearly figures of the assessment say."""
    for item in study.packages:
        assert item.trade.mean(axis=0) == pytest.approx(study.snapshot.flows(item.name), abs=1e-6)
        outcome = study.snapshot.package(item.name).outcome
        assert item.employment.mean(axis=0) == pytest.approx(outcome.employment_change, abs=1e-6)


def test_the_present_changes_nothing_of_the_baseline(study):
    for region in study.parties:
        for name in ("direct", "look_through", "value_added", "jobs"):
            row = aim(study, "status_quo", region, name)
            assert row["value"] == pytest.approx(row["baseline"], rel=1e-6)


def test_lower_duties_on_korea_bring_its_trade_and_its_jobs(study):
    """Ten points less on Korea: made there and not by rivals, nor at home in America."""
    frame = study.to_frame("matrix").set_index(["package", "exporter", "importer"])
    sold = frame.loc["signed", "KOR", "USA"]
    assert sold["low"] > 0
    assert sold["diverted"] > sold["created"] > 0
    assert aim(study, "signed", "KOR", "jobs")["low"] > 0
    assert aim(study, "signed", "USA", "jobs")["high"] < 0


def test_created_and_diverted_add_up(study):
    frame = study.to_frame("matrix")
    assert np.allclose(frame["created"] + frame["diverted"], frame["change"], atol=1e-9)
    whole = frame.groupby(["package", "importer"])["diverted"].sum()
    assert np.abs(whole).max() < 1e-9
    made, moved = split_change(study.package("no_deal"), study.package("signed"))
    assert (made + moved).sum() == pytest.approx(
        (study.package("signed").imports - study.package("no_deal").imports).sum()
    )


def test_the_short_matrix_is_that_of_the_table_with_parties_whole(union):
    rows = {(row["exporter"], row["importer"]): row for row in
            summarise_matrix(union, "signed", 6)}  # fmt: skip
    assert {name for pair in rows for name in pair} >= {"USA", "EU"}
    assert len(rows) == 6 * 5
    frame = union.to_frame("matrix")
    members = [union.world.regions[at] for at in union.parties["EU"]]
    inside = frame[(frame["package"] == "signed") & frame["exporter"].isin(members)]
    sold = inside[inside["importer"] == "USA"]
    for name in ("change", "created", "diverted"):
        assert rows["EU", "USA"][name] == pytest.approx(sold[name].sum())


def test_dependence_is_at_least_what_is_bought_directly(study):
    frame = study.to_frame("dependence")
    assert (frame["look_through"] >= frame["direct"]).all()
    china = frame[(frame["package"] == "no_deal") & (frame["supplier"] == "CHN")]
    told = china.set_index("region")["look_through"]
    for region in study.parties:
        row = aim(study, "no_deal", region, "look_through")
        assert row["value"] == pytest.approx(told[region])


def test_manufacturing_is_the_sum_of_its_sectors(study):
    frame = study.to_frame("sectors")
    inside = frame[frame["is_manufacturing"]]
    for name, column in (("value_added", "value_added"), ("jobs", "persons")):
        whole = inside.groupby(["package", "region"])[column].sum()
        for region in study.parties:
            row = aim(study, "signed", region, name)
            assert whole["signed", region] == pytest.approx(row["no_deal"], rel=1e-9)


def test_domestic_value_added_is_less_than_exports(study):
    frame = study.to_frame("exports")
    assert (frame["domestic"] <= frame["gross"] + 1e-9).all()
    assert (frame["domestic"] > 0.3 * frame["gross"]).all()


@pytest.mark.parametrize("name", ["world-2022", "world-2014"])
def test_persons_add_up_to_what_was_counted(name):
    employment, world = load_employment(), ac.load_world(name)
    persons = count_persons(employment, world)
    for region, by_group in employment.persons.items():
        if region not in world.regions:
            continue
        own = persons[world.region_index(region)]
        assert own.sum() == pytest.approx(sum(group.thousand for group in by_group.values()))
        made = np.isin(world.sectors, employment.groups["manufacturing"])
        groups = set(by_group) & {"manufacturing", "durable", "nondurable"}
        counted = sum(by_group[group].thousand for group in groups)
        assert own[made].sum() == pytest.approx(counted)
    unknown = {region for region, own in zip(world.regions, persons, strict=True)
               if np.isnan(own).any()}  # fmt: skip
    assert unknown == {"OTH" if name == "world-2022" else "ROW"}


def test_every_figure_of_persons_has_a_source_and_a_year():
    employment = load_employment()
    sources = {source.id: source for source in employment.sources}
    assert {source.grade for source in employment.sources} <= set(GRADES)
    assert all(source.licence and source.date for source in employment.sources)
    assert len(employment.persons) == 80
    for region, by_group in employment.persons.items():
        for group, counted in by_group.items():
            assert counted.source in sources, (region, group)
            assert 2006 <= counted.year <= 2022, (region, group)
            assert counted.thousand > 0, (region, group)
        assert set(by_group) - {"rest"} <= set(employment.groups)


def test_manufacturing_of_a_union_is_that_of_its_members(union):
    row = aim(union, "signed", "EU", "jobs")
    members = [union.world.regions[at] for at in union.parties["EU"]]
    counted = sum(union.employment.persons[name]["manufacturing"].thousand for name in members)
    assert row["baseline"] == pytest.approx(counted)
    assert row["grade"] == "C"


def test_a_party_whose_persons_are_not_known_has_none_and_is_named(study):
    assert not any("KOR" in note for note in study.notes)
    persons = {name: own for name, own in study.employment.persons.items() if name != "KOR"}
    employment = replace(study.employment, persons=persons)
    without = replace(study, employment=employment, persons=count_persons(employment, study.world))
    row = aim(without, "signed", "KOR", "jobs")
    assert np.isnan(row["change"])
    assert row["grade"] == ""
    assert any("not known of KOR" in note for note in without.notes)


def test_persons_change_in_per_cent_about_as_value_added_does(study):
    """Labour is a fixed share of cost: persons follow value added at the price of labour."""
    frame = study.to_frame("sectors")
    moved = frame[(frame["package"] == "signed") & (frame["region"] == "KOR")]
    assert moved["persons_relative"].abs().max() > 0.01
    gap = moved["persons_relative"] - moved["change"]
    assert gap.abs().max() < 0.02
    assert np.allclose(frame["persons_relative"] * frame["persons"], frame["persons_change"])


def test_a_world_without_the_supplier_leaves_dependence_out():
    world = ac.load_world("world-2014").aggregate({"ASIA": ["CHN", "IDN"]})
    study = ac.supply_chains(assess_briefly("us-korea-2025", world), package="signed")
    aims = set(study.to_frame("aims")["aim"])
    assert aims == {"value_added", "jobs"}


def test_another_supplier_may_be_asked_for():
    study = ac.supply_chains(flagship(), package="signed", supplier="JPN")
    assert [item.name for item in study.packages] == ["no_deal", "signed"]
    assert aim(study, "signed", "USA", "direct")["value"] > 0


def test_tables_hold_what_they_say(study):
    for name in CHAINS_TABLES:
        frame = study.to_frame(name)
        assert len(frame) > 0
        if {"low", "high"} <= set(frame):
            known = frame["low"].notna()
            assert (frame["low"] <= frame["high"])[known].all()
    with pytest.raises(InputError, match="aims"):
        study.to_frame("aim")
    with pytest.raises(InputError, match="signed"):
        study.package("sgned")


def test_what_is_wrong_is_told_at_once_and_before_any_work(monkeypatch):
    monkeypatch.setattr("accord.assessment.assess.assess", lambda *_, **__: pytest.fail("assessed"))
    with pytest.raises(InputError) as error:
        ac.supply_chains("us-korea-2025", package="sgned", supplier="CHI")
    assert {problem.path for problem in error.value.problems} == {"package", "supplier"}
    assert all(problem.remedy for problem in error.value.problems)


def test_persons_of_a_sector_are_a_guess_and_those_of_manufacturing_are_not(study):
    frame = study.to_frame("sectors")
    assert set(frame["grade"]) == {"U"}
    assert {aim(study, "signed", region, "jobs")["grade"] for region in study.parties} == {"C"}
