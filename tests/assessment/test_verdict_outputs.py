"""What is made of a verdict: explanations, comparisons, files, commands."""

import json
import zipfile
from dataclasses import asdict

import numpy as np
import pytest
from typer.testing import CliRunner

import accord as ac
from accord.assessment.archive.save import FORMAT, HEAD
from accord.assessment.valuation.equations import COMPONENTS
from accord.assessment.valuation.valuation import build_valuation, with_surface
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.cli.main import app
from accord.core.files import cache_directory
from tests.assessment.verdicts import DEAL, small_result


def value_of(tree, name):
    return next(child.value for child in tree.children if child.name == f"{name}:")


def test_an_explanation_leads_from_the_payoff_to_its_parts_and_sources():
    result = small_result()
    tree = result.explain("payoff", "KOR", package="deal")
    korea = result.model.regions.index("KOR")
    assert tree.value == pytest.approx(result.verdict.payoff("deal")[korea], rel=1e-12)
    shown = [child for child in tree.children if child.name.rstrip(":") in COMPONENTS]
    assert sum(child.value or 0.0 for child in shown) == pytest.approx(tree.value, rel=1e-9)
    for child in shown:
        years = next(node for node in child.children if node.name == "years")
        assert sum(node.value or 0.0 for node in years.children) == pytest.approx(
            child.value, rel=1e-9
        )
    text = str(tree)
    for words in ("package[1].clause[2]", "no_deal.clause[2]", "background.clause[1]",
                  "equation", "displacement", "[U]", "fontagne"):  # fmt: skip
        assert words in text
    assert json.loads(json.dumps(tree.to_dict()))["value"] == tree.value


def test_one_part_can_be_explained_and_the_other_reading():
    result = small_result()
    whole = result.explain("payoff", "USA", package="deal", timeline="frozen")
    part = result.explain("tariff", "USA", package="deal", timeline="frozen")
    assert part.value == value_of(whole, "tariff")
    assert part.value != result.explain("tariff", "USA", package="deal").value


def test_unknown_names_are_told_all_at_once():
    with pytest.raises(ac.InputError) as error:
        small_result().explain("payof", "KRO", package="dea")
    assert [problem.path for problem in error.value.problems] == ["figure", "region", "package"]
    assert "payoff" in str(error.value)


def test_a_comparison_holds_payoffs_and_what_they_cost():
    result = small_result()
    frame = ac.compare(result, result).to_frame()
    assert len(frame) == 2 * 2
    row = frame[frame["party"] == "KOR"].iloc[0]
    assert sum(row[part] for part in COMPONENTS) == pytest.approx(row["payoff"], rel=1e-9)
    assert row["committed"] == pytest.approx(45.0)
    rates = result.to_frame("tariffs")
    rates = rates[(rates["exporter"] == "KOR") & (rates["importer"] == "USA")]
    world = result.world
    flows = world.flows[world.region_index("USA"), world.region_index("KOR")]
    wide = rates.pivot_table(index="sector", columns="package", values="rate", observed=True)
    goods = [name for name in world.sectors if name != "services"]
    weights = np.array([flows[world.sector_index(name)] for name in goods])
    saved = (wide["no_deal"] - wide["deal"])[goods].to_numpy()
    assert row["points_saved"] == pytest.approx(100 * saved @ weights / weights.sum(), rel=1e-9)
    assert row["committed_per_point"] == pytest.approx(45.0 / row["points_saved"])
    usa = frame[frame["party"] == "USA"].iloc[0]
    assert usa["committed"] == 0.0
    assert ac.compare(result).only("deal").frame.shape[0] == 2
    assert "points_saved" in str(ac.compare(result))


def test_nothing_to_compare_is_an_error():
    with pytest.raises(ac.InputError, match="no assessment"):
        ac.compare()


def test_a_saved_assessment_is_read_without_solving(tmp_path, monkeypatch):
    result = small_result()
    path = result.save(tmp_path / "small.accord")
    monkeypatch.setattr("accord.trade.solver.iterate", None)
    saved = ac.load_assessment(path)
    assert "small" in repr(saved)
    for name in ("welfare", "payoffs", "swings", "cash"):
        assert saved.to_frame(name).equals(result.to_frame(name))
    np.testing.assert_array_equal(saved.verdict.draws("deal"), result.verdict.draws("deal"))
    assert str(asdict(saved.verdict.sensitivity)) == str(asdict(result.verdict.sensitivity))
    assert saved.summary() == result.summary()
    assert saved.settings.draws == 64
    read, solved = (each.explain("payoff", "KOR", package="deal") for each in (saved, result))
    assert str(read) == str(solved)
    assert ac.compare(saved).to_frame().equals(ac.compare(result).to_frame())
    assert saved.reproduce["deal sha256"] == result.deal.sha256
    with pytest.raises(ac.InputError, match="no table"):
        saved.to_frame("nothing")


def test_the_same_assessment_makes_the_same_file(tmp_path):
    first = small_result().save(tmp_path / "one.accord").read_bytes()
    assert first == small_result().save(tmp_path / "two.accord").read_bytes()


def changed(path, **values):
    """Write the file again with other entries in its head."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    head = {**json.loads(held[HEAD]), **values}
    other = path.with_name("changed.accord")
    with zipfile.ZipFile(other, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, json.dumps(head) if name == HEAD else content)
    return other


def test_another_format_other_contents_and_damage_are_refused(tmp_path):
    path = small_result().save(tmp_path / "small.accord")
    with pytest.raises(ac.InputError, match="Update Accord"):
        ac.load_assessment(changed(path, format=FORMAT + 1))
    with pytest.raises(ac.InputError, match="Assess the deal again"):
        ac.load_assessment(changed(path, format=FORMAT - 1))
    with pytest.raises(ac.InputError, match="do not match their digest"):
        ac.load_assessment(changed(path, seconds=1.0))
    (tmp_path / "half.accord").write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ac.InputError, match="damaged"):
        ac.load_assessment(tmp_path / "half.accord")
    with pytest.raises(ac.InputError, match="there is no file"):
        ac.load_assessment(tmp_path / "none.accord")


def test_stopped_work_goes_on_where_it_ended(tmp_path, monkeypatch):
    result = small_result()
    inputs = result.verdict.inputs
    monkeypatch.setenv("ACCORD_CACHE_DIR", str(tmp_path))
    assert cache_directory() == tmp_path
    valuation = build_valuation(result.snapshot, NodeCache())
    done = []

    def stop(_what, _done, _of):
        done.append(_done)
        if len(done) > 5:
            raise KeyboardInterrupt

    stopped = with_surface(valuation, inputs, stop)
    with pytest.raises(KeyboardInterrupt):
        stopped.payoffs(stopped.packages[1], inputs, "dated")
    assert list((tmp_path / "nodes").glob("*.nodes"))
    again = with_surface(build_valuation(result.snapshot, NodeCache()), inputs)
    again.payoffs(again.packages[1], inputs, "dated")
    assert again.solvers[0].effort.kept > 0
    assert again.solvers[0].effort.solved > 0


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(DEAL)
    return path


def test_explain_and_compare_in_the_terminal(case, tmp_path):
    run = CliRunner().invoke
    told = run(app, ["explain", str(case), "payoff", "KOR", "--package", "deal"])
    assert told.exit_code == 0, told.output
    assert "payoff of KOR under deal" in told.output
    assert "clauses without a deal" in told.output
    plain = run(app, ["explain", str(case), "tariff", "USA", "--format", "json"])
    assert json.loads(plain.output)["name"] == "tariff:"
    side = run(app, ["compare", str(case), "--draws", "0"])
    assert side.exit_code == 0, side.output
    assert "Payoffs against no deal" in side.output
    kept = tmp_path / "kept.accord"
    small_result().save(kept)
    lines = run(app, ["compare", str(kept), str(kept), "--format", "csv"]).output.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("deal,package,party,payoff")


def test_wrong_names_in_the_terminal_are_told_at_once(case):
    told = CliRunner().invoke(
        app, ["explain", str(case), "payof", "KOR", "--reading", "date", "--format", "xml"]
    )
    assert told.exit_code == 2
    for words in ("payoff", "dated", "text, json"):
        assert words in told.output


def test_save_in_the_terminal(case, tmp_path):
    path = tmp_path / "kept.accord"
    done = CliRunner().invoke(
        app, ["assess", str(case), "--save", str(path), "--draws", "0", "--paths", "200"]
    )
    assert done.exit_code == 0, done.output
    assert ac.load_assessment(path).packages == ("no_deal", "deal")
