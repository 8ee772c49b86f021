"""The build of the embedded world: readers, classification, rebasing, and the whole of it again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accord.core.errors import InputError
from accord.data.build.build import RAW_FILES, build_world
from accord.data.build.classify import classify_hs10, cut_padding, match_codes
from accord.data.build.macro import currency_of
from accord.data.build.readers import (
    build_shares,
    read_ecb_rates,
    read_figures,
    read_fontagne,
    read_grade,
    read_mfn_rates,
    read_sources,
    read_tariff_list,
)
from accord.data.build.rebase import Target, rebase_flows
from accord.data.lines.lines import GROUPS
from accord.data.store import load_world, read_world
from accord.data.world import World
from tests.reference import reference_file

LISTS = {
    "annex2_2025_04": ("2926904800",),
    "electronics_2025_04": ("8471300100",),
    "annex2_2025_11": ("02011005", "29269048"),
    "vehicles_232": ("87032201", "840732"),
    "steel_232": ("73012050",),
    "aluminium_232": ("8473305100",),
    "copper_232": ("74061000",),
}


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("8703220100", "vehicles_232"),
        ("8407320000", "auto_parts_232"),
        ("7208100000", "steel_232"),
        ("7301205000", "steel_232"),
        ("7601100000", "aluminium_232"),
        ("8473305100", "aluminium_232"),
        ("7406100000", "copper_232"),
        ("2926904800", "annex2_2025_04"),
        ("8471300100", "electronics_2025_04"),
        ("0201100510", "annex2_2025_11"),
        ("9801001012", "special_provisions"),
        ("8516500060", "general"),
    ],
)
def test_each_code_falls_under_its_measure(code, group):
    groups = classify_hs10(np.array([code]), LISTS)
    assert GROUPS[int(groups[0])] == group


def test_codes_match_at_their_own_length():
    codes = np.array(["8703220100", "8703220200", "0703220100"])
    assert match_codes(codes, ["870322"]).tolist() == [True, True, False]
    assert match_codes(codes, ["8703220100"]).tolist() == [True, False, False]


def test_shares_add_to_one_even_without_inputs():
    beta, gamma = build_shares(np.array([[0.4, 0.3]]), np.array([[[0.5, 0.0], [0.5000001, 0.0]]]))
    assert beta[0, 1] == 1.0
    np.testing.assert_allclose(beta + gamma.sum(axis=1), 1.0, rtol=1e-15)


def test_elasticity_is_minus_epsilon(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("gtap_sector,epsilon_GTAP,dist_GTAP\nmvh,-8.98,-0.8\ncoa,,-1.9\n")
    assert read_fontagne(path) == {"mvh": 8.98}


def test_mfn_rates_that_are_not_ad_valorem_are_unknown(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text(
        "hs8,mfn_rate,rate_type,rate_raw\n01012100,0,free,Free\n01022940,0,specific,1c\n"
        "01013000,0.068,ad_valorem,6.8%\n"
    )
    assert read_mfn_rates(path) == {"01012100": 0.0, "01013000": 0.068}


def test_tariff_list_keeps_leading_zeros_and_drops_dots(tmp_path):
    path = tmp_path / "l.csv"
    path.write_text("HTSUS\n0201.10.05\n8471300100\n")
    assert read_tariff_list(path) == ("02011005", "8471300100")


def test_figures_are_graded_and_sourced():
    figures, sources = read_figures(), {source.id for source in read_sources()}
    assert {row.source for row in figures} <= sources
    korea = {row.variable: row.value for row in figures if row.region == "KOR"}
    assert korea["gdp_2024"] == pytest.approx(1874.6, rel=1e-3)
    with pytest.raises(ValueError, match="not a grade"):
        read_grade("Z")


def test_euro_members_change_currency():
    assert currency_of("HRV", 2014) == "HRK"
    assert currency_of("HRV", 2024) == "EUR"
    assert currency_of("KOR", 2024) == "KRW"


def test_yearly_rate_is_won_per_dollar():
    rates = read_ecb_rates(reference_file("fx/eurofxref-hist.zip"), 2014)
    assert rates["KRW"] == pytest.approx(1052, abs=2)
    assert "RUB" in rates
    assert "TRL" not in rates


def small_target(**changes):
    generator = np.random.default_rng(7)
    prior = generator.uniform(1.0, 3.0, (3, 3, 2)) + 10.0 * np.eye(3)[:, :, None]
    prior[0, 2, 1] = 0.0
    fixed = np.zeros(prior.shape, dtype=bool)
    fixed[0, 1] = True
    tariff = generator.uniform(0.0, 0.2, prior.shape)
    beta = np.full((3, 2), 0.5)
    gamma = np.full((3, 2, 2), 0.25)
    sales = prior.sum(axis=0)
    arrays = {
        "prior": prior,
        "final_prior": np.full((3, 2), 7.0),
        "fixed": fixed,
        "tariff": tariff,
        "beta": beta,
        "gamma": gamma,
        "value_added": 1.2 * (beta * sales).sum(axis=1),
        "deficit": np.array([1.0, np.nan, np.nan]),
    }
    return Target(**{**arrays, **changes})


def test_rebased_flows_meet_every_target():
    target = small_target()
    rebased = rebase_flows(target)
    sales = rebased.flows.sum(axis=0)
    spending = (rebased.flows * (1 + target.tariff)).sum(axis=1)
    used = np.einsum("nkj,nj->nk", target.gamma, sales)
    np.testing.assert_allclose(spending - used, rebased.final, rtol=1e-10)
    np.testing.assert_allclose((target.beta * sales).sum(axis=1), target.value_added, rtol=1e-10)
    deficit = rebased.flows.sum(axis=(1, 2)) - rebased.flows.sum(axis=(0, 2))
    assert deficit[0] == pytest.approx(1.0, abs=1e-9)
    assert (rebased.final > 0).all()


def test_rebasing_keeps_zeros_and_fixed_flows():
    target = small_target()
    rebased = rebase_flows(target)
    assert rebased.flows[0, 2, 1] == 0.0
    np.testing.assert_array_equal(rebased.flows[0, 1], target.prior[0, 1])
    assert (rebased.flows[target.prior > 0] > 0).all()


def test_a_balanced_prior_does_not_move():
    first = rebase_flows(small_target())
    again = small_target(prior=first.flows, final_prior=first.final)
    rebased = rebase_flows(again)
    assert rebased.steps == 0
    np.testing.assert_array_equal(rebased.flows, first.flows)


def test_impossible_targets_are_refused():
    with pytest.raises(ArithmeticError, match="rebasing stopped"):
        rebase_flows(small_target(value_added=np.array([1e-3, 1e4, 1.0]), deficit=np.full(3, 5.0)))


def test_a_missing_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("accord.data.build.frames.find_spec", lambda _name: None)
    with pytest.raises(InputError, match=r"accord-workbench\[build\]"):
        build_world(tmp_path, tmp_path)


def test_missing_raw_files_are_all_listed(tmp_path):
    with pytest.raises(InputError) as caught:
        build_world(tmp_path, tmp_path)
    assert len(caught.value.problems) == len(RAW_FILES)


ESTIMATED = ("fx_arch", "fx_garch", "fx_tail")  # by a search for the largest likelihood


def check_same_macro(built: World, embedded: World) -> None:
    """The same figures of the same sources.

    What a search estimates from rates of exchange depends on how many threads multiply matrices.
    Where the likelihood is flat that is up to a hundredth, of a tail of its inverse.
    """
    assert built.sources == embedded.sources
    for new, old in zip(built.macro, embedded.macro, strict=True):
        assert replace(new, value=old.value) == old
        if old.variable not in ESTIMATED:
            assert new.value == old.value, (new, old)
            continue
        power = -1 if old.variable == "fx_tail" else 1
        assert new.value**power == pytest.approx(old.value**power, abs=0.01), (new, old)
    assert {*ESTIMATED} <= {figure.variable for figure in embedded.macro}


def test_the_build_gives_the_embedded_world_again(tmp_path):
    raw: Path = reference_file("world/wiod2014_cp_44x20.npz").parents[1]
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    report = build_world(raw, first)
    build_world(raw, second)
    for path in report.files:
        assert path.read_bytes() == (second / path.name).read_bytes()
    built, embedded = read_world(first, "world-2014"), load_world("world-2014")
    # Another linear-algebra library may change the last stored digit of a balanced flow.
    np.testing.assert_allclose(built.flows, embedded.flows, rtol=1e-6)
    np.testing.assert_array_equal(built.tariff, embedded.tariff)
    np.testing.assert_array_equal(built.elasticity, embedded.elasticity)
    assert built.lines == embedded.lines
    check_same_macro(built, embedded)
    assert built.notes == embedded.notes
    assert all(check.ok for check in report.checks)
    assert report.residual < 1e-10
    assert report.size < 3_000_000
    assert "rebased in" in report.text()


def test_a_list_of_padded_tariff_lines_is_matched_by_eight_digits():
    """The annex of April 2025 has 3004909200 for 3004.90.92, whose goods enter as 3004909290."""
    codes = cut_padding(("3004909200", "2710191600"))
    assert codes == ("30049092", "27101916")
    assert match_codes(np.array(["3004909290", "2710191651", "3004909000"]), codes).tolist() == [
        True,
        True,
        False,
    ]
    statistical = ("8471300100", "8471410110")
    assert cut_padding(statistical) == statistical


def test_medicines_and_refined_oil_are_exempt_since_april():
    """Line by line: what the annex names is in its group, whatever its statistical suffix."""
    lines = load_world("world-2014").lines
    assert lines is not None
    exempt = lines.group == lines.group_index("annex2_2025_04")
    later = lines.group == lines.group_index("annex2_2025_11")
    for mask, value in ((lines.hs6 // 10_000 == 30, 213.4), (lines.hs6 // 100 == 2710, 59.4)):
        assert lines.imports[mask & exempt].sum() == pytest.approx(value, rel=0.02)
        assert lines.imports[mask & later].sum() == 0.0
