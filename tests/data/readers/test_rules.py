"""What is moved so that accounts hold: by a named rule, told in the report with its amount."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import accord as ac
from accord.core.errors import InputError
from accord.data.readers.table.balance import balance_report
from tests.data.readers import samples

SAMPLE = samples.draw_sample()


def told(world):
    """Return what each rule moved, by the start of its name."""
    return {row.rule.split()[0]: row for row in balance_report(world).rules}


def with_final(change):
    final = SAMPLE.final.copy()
    change(final)
    return dataclasses.replace(SAMPLE, final=final)


def test_inventories_that_make_final_use_negative_are_cut_and_told(tmp_path):
    def draw_down(final):
        final[0, 1, 1, 1] = -final[0, 1, 1, 0] - 5.0

    sample = with_final(draw_down)
    output = sample.inputs.sum(axis=(2, 3)) + sample.final.sum(axis=(2, 3))
    path = samples.write_icio(dataclasses.replace(sample, output=output), tmp_path / "2011.csv")
    world = ac.read_world("icio", path)
    assert told(world)["negative"].moved == pytest.approx(0.005)
    assert told(world)["negative"].most == "DEU C29"
    n, i = world.region_index("USA"), world.region_index("DEU")
    expected = sample.inputs[0, 1, 1].sum() * 1e-3
    assert world.flows[n, i, 1] == pytest.approx(expected, rel=1e-12)


def test_inventories_removed_leave_what_meets_the_other_final_uses(tmp_path):
    path = samples.write_icio(SAMPLE, tmp_path / "2011.csv")
    world = ac.read_world("icio", path, rules={"inventories": "remove"})
    size = SAMPLE.output.size
    cost = SAMPLE.inputs.reshape(size, size) / SAMPLE.output.ravel()
    wanted = SAMPLE.final[..., 0].sum(axis=2).ravel()
    # Here every industry buys an input from where the region does, as the rule assumes.
    shares = SAMPLE.inputs.sum(axis=3) / SAMPLE.inputs.sum(axis=(0, 3))
    mixed = np.einsum("ikn,knj->iknj", shares, SAMPLE.inputs.sum(axis=0)).reshape(size, size)
    cost = mixed / SAMPLE.output.ravel()
    output = np.linalg.solve(np.eye(size) - cost, wanted).reshape(3, 3) * 1e-3
    assert world.sales == pytest.approx(output, rel=1e-10)
    assert "inventories" in told(world)


@pytest.mark.parametrize("choice", ["domestic", "drop"])
def test_a_discrepancy_of_output_and_sales(choice, tmp_path):
    output = SAMPLE.output.copy()
    output[1, 2] += 7.0
    path = samples.write_icio(dataclasses.replace(SAMPLE, output=output), tmp_path / "2011.csv")
    world = ac.read_world("icio", path, rules={"discrepancy": choice})
    assert told(world)["discrepancy"].moved == pytest.approx(0.007)
    expected = output if choice == "domestic" else SAMPLE.output
    assert world.sales == pytest.approx(expected * 1e-3, rel=1e-12)


def test_negative_inputs_and_inputs_above_output_are_cut(tmp_path):
    inputs = SAMPLE.inputs.copy()
    inputs[0, 0, 0, 1] = -4.0
    inputs[:, :, 1, 1] *= 100.0
    final = SAMPLE.final.copy()
    final[:, :, 1] += 100.0
    output = inputs.sum(axis=(2, 3)) + final.sum(axis=(2, 3))
    output[1, 1] = 500.0
    sample = samples.Sample(inputs, final, output)
    path = samples.write_icio(sample, tmp_path / "2011.csv")
    world = ac.read_world("icio", path, rules={"discrepancy": "drop"})
    rules = [row.rule for row in balance_report(world).rules]
    assert "negative sales to industries set to zero" in rules
    assert "inputs cut to 99 % of output" in rules
    assert world.value_added_share.min() == pytest.approx(0.01)
    assert all(check.ok for check in world.checks())


def test_a_table_without_uses_is_all_final(tmp_path):
    world = ac.read_world("long", samples.write_long(SAMPLE, tmp_path / "2011.csv", use=False))
    assert world.flows.sum() == pytest.approx(1e-3 * SAMPLE.flows.sum(), rel=1e-12)
    assert (world.value_added_share == 1.0).all()


def test_re_exports_are_neither_made_nor_used(tmp_path):
    path = samples.write_long(SAMPLE, tmp_path / "2011.csv")
    clean = ac.read_world("long", path)
    line = pd.DataFrame([["USA", "DEU", "C29", "re-exports", 40.0]])
    line.to_csv(path, mode="a", index=False, header=False)
    world = ac.read_world("long", path)
    order = [world.region_index(name) for name in clean.regions]
    assert world.flows[np.ix_(order, order)].sum() == pytest.approx(clean.flows.sum(), rel=1e-12)
    assert told(world)["re-exports"].moved == pytest.approx(0.04)


def test_duty_on_inputs_is_taken_from_value_added(tmp_path):
    path = samples.write_icio(SAMPLE, tmp_path / "2011.csv")
    rates = tmp_path / "rates.csv"
    rates.write_text("importer,exporter,sector,rate\nDEU,*,C29,0.1\n*,USA,A01,0.05\n")
    plain = ac.read_world("icio", path)
    world = ac.read_world("icio", path, tariffs=rates)
    assert world.flows == pytest.approx(plain.flows, rel=1e-12)
    assert world.tariff[0].tolist() == [[0, 0, 0], [0.05, 0.1, 0], [0, 0.1, 0]]
    lost = plain.value_added.sum() - world.value_added.sum()
    assert lost == pytest.approx(told(world)["duty"].moved, rel=1e-9)
    assert lost > 0
    assert all(check.ok for check in world.checks())


def test_goods_that_industries_buy_and_nobody_sells_are_made_at_home(tmp_path):
    folder = samples.write_caliendo_parro(SAMPLE, tmp_path / "cp")
    shares = np.zeros((3, 3, 3))
    shares[:, 1] = 1.0  # cars alone are bought
    np.savetxt(folder / "IO.txt", shares.reshape(9, 3), delimiter="\t")
    np.savetxt(folder / "B.txt", np.full((3, 3), 0.3))
    world = ac.read_world("caliendo_parro", folder)
    assert told(world)["domestic"].moved > 0
    assert world.final_demand().min() > -1e-9
    assert all(check.ok for check in world.checks())


def test_a_rule_that_there_is_not_is_refused(tmp_path):
    path = samples.write_icio(SAMPLE, tmp_path / "2011.csv")
    with pytest.raises(InputError) as raised:
        ac.read_world("icio", path, rules={"inventories": "removed", "stocks": "cut"})
    assert [problem.path for problem in raised.value.problems] == [
        "rules.stocks", "rules.inventories",
    ]  # fmt: skip
    assert "remove" in raised.value.problems[1].remedy
