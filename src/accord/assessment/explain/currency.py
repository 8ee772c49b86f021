"""What the risk of a crash is worked out from: chances by year, output, prices, sudden stops."""

from collections.abc import Iterator

import pandas as pd

from accord.assessment.words.sentences import say
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.deal.external_entries import ExternalEntry
from accord.external.equations import STOP_QUANTILES, stop_chance
from accord.lowering.external import sheet_figures
from accord.lowering.sudden_stops import find_history, lower_stop

Node = tuple[str, float | None, str, str]
"""Name, number, unit and note of an input."""
FLOW_PRICE = ExternalEntry.model_fields["flow_price"].default


def find_currency_inputs(
    deal: Deal, world: World, crashes: pd.DataFrame, *, party: str, package: str
) -> Iterator[Node]:
    """Yield the inputs of the risk component of a party; none where its currency is not followed.

    Args:
        deal: The deal.
        world: Where figures are looked up.
        crashes: The chance of a crash by package, party and year, given none before.
        party: Whose risk.
        package: Under which package; that without a deal stands beside it.
    """
    own = crashes[crashes["party"] == party]
    for name in (package, NO_DEAL):
        chances = own[own["package"] == name].sort_values("year")["chance"]
        if len(chances):
            words = ", ".join(f"{100 * chance:.2f}" for chance in chances)
            told = say("currency.chances", chances=words)
            yield say("currency.under", package=name), None, "", told
    if own.empty:
        return
    gdp = sheet_figures(deal, party, world)["gdp"]
    file = say("currency.file")
    yield say("currency.output"), gdp.value, "bn USD a year", f"{gdp.source or file} [{gdp.grade}]"
    entry = deal.external_of(party)
    cited = ", ".join(f"{name} [{deal.source(name).grade}]" for name in entry.source_ids)
    source = (
        say("currency.flow_price_source")
        if entry.flow_price == FLOW_PRICE
        else cited or f"{file} [U]"
    )
    note = say("currency.flow_price_note", source=source)
    yield say("currency.flow_price"), entry.flow_price, "", note
    stop, history = lower_stop(deal, party), find_history(deal, party)
    if history is None:
        yield say("currency.stop"), stop.rate, say("currency.a_year"), cited or f"{file} [U]"
        return
    low, central, high = (stop_chance(stop, at) for at in STOP_QUANTILES)
    note = f"{history.source} [{history.grade}]"
    if stop.shape is not None:
        note = say(
            "currency.stop_note", low=low, high=high, central=central, events=history.events,
            years=history.years, source=note,
        )  # fmt: skip
    yield say("currency.stop"), stop.rate, say("currency.a_year"), note
