"""Yearly figures as a briefing reads them: welfare of a region, money that moves."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Welfare:
    """Welfare of one region under one package: a fraction, and bn USD a year for the rest."""

    change: float
    ev: float
    tariff_part: float
    transfer_part: float
    low: float
    high: float
    tariff_low: float
    tariff_high: float


@dataclass(frozen=True)
class Transfer:
    """Money a package moves in an average year, bn USD: in all, displaced, and net."""

    payer: str
    host: str
    gross: float
    displaced: float
    net: float
