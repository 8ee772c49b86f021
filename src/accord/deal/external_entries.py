"""The `[[external]]` table of a deal file: how a party finds its foreign currency."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from accord.deal.fields import Cited, Money, Number, Part, Rate, RateText, Region, Share, Years

FundingSource = Literal["income", "borrowing", "spot", "reserves", "swap"]
WatchedLine = Literal[
    "ara_floating", "ara_fixed", "guidotti", "import_months", "money", "reserves", "fall", "slide",
    "debt",
]  # fmt: skip
WATCHED_LINES: tuple[WatchedLine, ...] = get_args(WatchedLine)
SHEET = (
    "reserves", "short_term_debt", "other_liabilities", "broad_money", "exports", "imports", "gdp",
)  # fmt: skip


class IncomeEntry(Part):
    """Yearly income on reserves that can be used, as fractions of reserves."""

    low: Share
    """Lowest value."""
    mode: Share
    """Most likely value."""
    high: Share
    """Highest value."""


class ExternalEntry(Cited):
    """How a party finds the dollars it pays. What is left out comes from the world's figures."""

    party: Region
    """The party."""
    order: tuple[FundingSource, ...] = Field(
        default=("income", "borrowing", "spot", "reserves", "swap"), min_length=1
    )
    """Where dollars come from, in order: `income` on reserves, `borrowing` abroad by public banks,
    `spot` purchases in the market, `reserves`, a `swap` line."""
    income: IncomeEntry = IncomeEntry(low=0.016, mode=0.022, high=0.048)
    """Income on reserves that can be used."""
    borrowing_cap: Money | None = None
    """Most that public banks can borrow abroad in a year; 0.7 % of GDP if left out."""
    borrowing_rate: RateText = "ust20"
    """Interest on it."""
    spot_cap: Money | None = None
    """Most that can be bought in the market in a year; no limit if left out."""
    floors: dict[str, Number] = Field(default_factory=dict)
    """Lines to watch: `guidotti`, `ara_floating`, `ara_fixed`, `import_months`, `money`, `reserves`
    (in the file's currency), `fall`, how much dearer the dollar gets within a year, `slide`, how
    much dearer it is than at the start on average over a year, and `debt`, public debt as a
    fraction of GDP."""
    flow_price: Rate = 0.0185
    """Rise of the price of the dollar, as a fraction, when dollars worth 1 % of GDP are bought."""
    public_share: Share = 0.0
    """Share of what is paid that adds to public debt; what public banks borrow adds in any case."""
    stop_rate: Share | None = None
    """Chance a year that a sudden stop begins, taken as known. If left out it is drawn, from the
    events of the next two fields, the country's own history, or that of its class."""
    stop_events: Annotated[Number, Field(ge=0)] | None = None
    """Sudden stops counted; goes with `stop_years`."""
    stop_years: Years | None = None
    """Years in which they were counted."""
    reserves: Annotated[Number, Field(ge=0)] | None = None
    """Official reserves, in the file's currency."""
    short_term_debt: Money | None = None
    """External debt that falls due within a year."""
    other_liabilities: Money | None = None
    """Other liabilities to foreigners, without direct investment."""
    broad_money: Money | None = None
    """Broad money."""
    exports: Money | None = None
    """Exports of goods and services, a year."""
    imports: Money | None = None
    """Imports of goods and services, a year."""
    gdp: Money | None = None
    """Gross domestic product, a year."""
    public_debt: Rate | None = None
    """Gross public debt, as a fraction of GDP."""
    primary_balance: Number | None = None
    """Primary balance of the government, as a fraction of GDP."""
    volatility: Rate | None = None
    """Standard deviation of the currency's logarithmic change over a year."""
