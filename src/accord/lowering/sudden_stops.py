"""How often sudden stops come to a country: its own history, or that of its class."""

from dataclasses import dataclass

from accord.core.provenance import Grade
from accord.deal.deal import Deal
from accord.external.plan import SuddenStop

PRIOR = 0.5  # of an event: Jeffreys' prior of a Poisson rate


@dataclass(frozen=True)
class StopHistory:
    """Sudden stops counted.

    Attributes:
        events: How many began.
        years: In how many years.
        source: Who counted, or why it is assumed.
        grade: How far to trust it.
    """

    events: float
    years: float
    source: str
    grade: Grade


HISTORIES = {
    "KOR": StopHistory(2, 35, "1997 and 2008, in the 35 years to 2025", "B"),
}
# Currencies that the IMF reports as held in reserves (COFER), without the controlled one of China.
ISSUERS = frozenset(
    {
        "USA", "JPN", "GBR", "CHE", "CAN", "AUS",
        "AUT", "BEL", "CYP", "DEU", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "IRL", "ITA", "LTU",
        "LUX", "LVA", "MLT", "NLD", "PRT", "SVK", "SVN", "EU",
    }
)  # fmt: skip
NONE = StopHistory(0, 1, "none assumed: its currency is held in reserves", "U")
# 77 in 33 middle-income countries in 1980-2003: one in 10.3 years. That is a mean of countries
# that differ, so it counts here as what a single country shows in twenty years.
CLASS = StopHistory(
    2,
    20.6,
    "that of middle-income countries: Jeanne and Rancière (2006), IMF WP 06/229",
    "U",
)


def find_history(deal: Deal, party: str) -> StopHistory | None:
    """Return the sudden stops counted for a party, or None where its file gives a known chance."""
    entry = deal.external_of(party)
    if entry.stop_rate is not None:
        return None
    if entry.stop_events is not None and entry.stop_years is not None:
        cited = entry.source_ids[0] if entry.source_ids else ""
        grade: Grade = next((source.grade for source in deal.sources if source.id == cited), "U")
        return StopHistory(entry.stop_events, entry.stop_years, cited or "the deal file", grade)
    if party in HISTORIES:
        return HISTORIES[party]
    return NONE if party in ISSUERS else CLASS


def lower_stop(deal: Deal, party: str) -> SuddenStop:
    """Return how sudden stops come to a party, with a chance that is drawn where it was counted.

    With `n` events in `T` years and Jeffreys' prior the yearly chance is gamma distributed, with
    shape `n + 1/2` and mean `(n + 1/2) / T`.
    """
    history = find_history(deal, party)
    if history is None:
        return SuddenStop(rate=deal.external_of(party).stop_rate or 0.0)
    if history is NONE:
        return SuddenStop(rate=0.0)
    shape = history.events + PRIOR
    return SuddenStop(rate=min(shape / history.years, 1.0), shape=shape)
