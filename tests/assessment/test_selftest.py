"""The checks a user runs on their own machine, and that they can fail."""

from dataclasses import replace

import numpy as np
import pytest

from accord.data.world import World
from accord.lowering.trade import build_trade_model
from accord.selftest import CheckRow, selftest_rows
from accord.trade.model import TradeModel


def test_every_row_passes_and_names_a_source() -> None:
    rows = selftest_rows()
    assert len(rows) > 20
    assert [row.name for row in rows if not row.ok] == []
    assert all(row.source for row in rows)


def test_a_row_without_a_number_fails() -> None:
    assert not CheckRow("x", 1.0, float("nan"), 10.0, "here").ok
    assert not CheckRow("x", 1.0, 1.2, 0.1, "here").ok
    assert CheckRow("x", 1.0, 1.05, 0.1, "here").ok


def test_a_broken_model_makes_rows_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(world: World, elasticities: str) -> TradeModel:
        model = build_trade_model(world, elasticities)
        share = np.array(model.trade_share)
        share[0] *= 0.999
        return replace(model, trade_share=share)

    monkeypatch.setattr("accord.selftest.build_trade_model", broken)
    failed = {row.name for row in selftest_rows() if not row.ok}
    assert "no change: evaluations of the map" in failed
    assert "no change: largest move of a wage or price" in failed
