"""A real schedule on real imports: the duty of 2024 on vehicles from Japan, line by line."""

import pandas as pd
import pytest

import accord as ac
from tests.architecture.repository import ROOT

RAW = ROOT.parent / "shared" / "data"
SCHEDULE = RAW / "hs_crosswalks" / "mfn_rates_2025.csv"
IMPORTS = RAW / "us_imports_2024" / "us_imports_2024_hs10.parquet"


@pytest.mark.skipif(not SCHEDULE.is_file(), reason="the raw files are not here")
def test_compiled_duty_is_what_the_census_counts(tmp_path):
    """Japan has no preference on vehicles: only measures on single parts lie between the two."""
    schedule = pd.read_csv(SCHEDULE, dtype=str).rename(columns={"hs8": "hs", "mfn_rate": "rate"})
    schedule[schedule["hs"].str.startswith("87")][["hs", "rate"]].to_csv(
        tmp_path / "lines.csv", index=False
    )
    bought = pd.read_parquet(IMPORTS, filters=[("CTY_NAME", "==", "JAPAN")])
    bought = bought[bought["HS10"].str.startswith("87")]
    trade = bought.rename(columns={"HS10": "hs", "imports": "value"}).assign(exporter="JPN")
    trade[["exporter", "hs", "value"]].to_parquet(tmp_path / "trade.parquet")
    compiled = ac.read_tariffs(
        tmp_path / "lines.csv", tmp_path / "trade.parquet", ac.load_world(), importer="USA"
    )
    japan = compiled.table[compiled.table["exporter"] == "JPN"]
    assert (japan["covered"] > 0.999).all()
    duty = 1e9 * float((japan["imports"] * japan["mean"]).sum())
    assert duty == pytest.approx(bought["duty"].sum(), rel=0.05)
    cars = japan.set_index("sector").loc["motor_vehicles"]
    assert cars["price_index"] >= cars["mean"]
    assert cars["imports"] == pytest.approx(bought["imports"].sum() * 1e-9, rel=0.06)
