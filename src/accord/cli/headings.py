"""Headings of the columns and rows of the tables that commands print, in order."""

# Deals.
CLAUSE_TARIFFS = ("package", "clause", "tariff", "day", "bn USD", "before %", "after %")
CLAUSE_TAXES = ("package", "clause", "charged on", "day", "bn USD", "before %", "after %")
COMMITMENT = ("package", "investment", "committed", "called", "by", "finished", "by")
CASE = ("name", "kind", "parties", "known to", "title")
RELATED = ("name", "in common", "days apart", "title")
RANK = (
    "deal", "party", "points saved", "in the end", "duty, bn USD a year", "committed, bn USD",
    "% of GDP", "of firms, %", "points per 100 bn",
)  # fmt: skip
TARIFFS_BY_PACKAGE = ("package", "tariff", "from", "base year %", "all in %", "by law %")
TARIFFS_BY_DATE = ("path", "tariff", "date", "what changed", "added %", "at border %", "all in %")

# The verdict.
PAYOFF = ("payoff", "nine draws in ten", "% of a year's GDP", "gains, %", "all gain, %")
COMMITTED_SHARES = ("bn USD", "% of GDP", "% of reserves", "points saved", "bn a point")
SHOWN_COMPONENTS = {
    "tariff": "tariffs", "transfer": "transfer", "terms_of_trade": "terms of trade",
    "capacity": "capacity", "profit": "profits",
    "receipts_risk": "price of risk", "later": "after the horizon", "risk": "risk of a crash",
}  # fmt: skip

# An average year: table, its title, the column shown, and what labels a row.
OVERVIEW = (
    ("welfare", "Welfare, bn USD a year", "ev", ("region",)),
    ("welfare", "Welfare, share of income", "change", ("region",)),
    ("wages", "Real wages", "change", ("region",)),
    ("prices", "Consumer prices, with world value added held at its value", "change", ("region",)),
    ("terms_of_trade", "Terms of trade", "change", ("region",)),
    ("revenue", "Tariff revenue, change in bn USD a year", "change_value", ("region",)),
    ("exports", "Exports, change in bn USD a year", "change_value", ("exporter", "importer")),
    ("exports", "Exports by sector, change in bn USD a year", "change_value",
     ("exporter", "importer", "sector")),
    ("output", "Output", "change", ("region", "sector")),
    ("employment", "Employment", "change", ("region", "sector")),
)  # fmt: skip
SOLVES = ("package", "status", "steps", "largest residual")

# The bargain.
NEEDS, GAINS, IN_WELFARE = "{party} needs", "{party} gains, %", "{party}, welfare"
GAINS_IN_WELFARE = "{party} gains in welfare, %"
TARIFFS_ALONE, CREDIBLE = "{party}, tariffs alone", "{party} credible, %"
ALL_GAIN = "all gain, %"
PROPOSALS_LEFT, NO_END = "proposals left", "no end"
WEIGHT = ("party", "sector", "tariff, %", "lowest", "mean", "highest")
PRICE = ("term", "now", "step")

# Money.
MEASURES = {
    "rate": "discount rate",
    "committed": "committed",
    "called": "paid in",
    "npv": "net present value",
    "npv_low": "  5th percentile",
    "npv_high": "  95th percentile",
    "gain_chance": "chance of a gain",
    "internal_return": "internal rate of return",
    "payback_year": "paid back in",
    "recovery_chance": "recovered by the review",
    "expected_loss": "expected loss",
    "tail_loss": "tail loss (worst 5 %)",
}
NET_OF = "net {party}"

# Foreign currency.
LINES = {
    "ara_floating": "IMF metric, floating",
    "ara_fixed": "IMF metric, fixed",
    "guidotti": "reserves over short-term debt",
    "import_months": "months of imports",
    "money": "reserves over broad money",
    "reserves": "reserves, bn USD",
    "fall": "dollar dearer within a year",
    "slide": "dollar dearer for good",
    "debt": "public debt over GDP",
    "unmet": "the source is used up",
}
ADEQUACY, AFTER = ("party", "metric", "at the start"), "after {paid:g} bn"
CHANCE = ("package", "party", "line", "at", "1 year", "5 years", "10 years", "in a stop, %")
DEBT = ("package", "party", "median", "5 %", "95 %", "financing need")
SAFE_AMOUNT = (
    "party", "how it is paid", "a year", "if stops are rare", "central", "frequent",
    "debt, % of GDP a year", "what binds",
)  # fmt: skip

# Tariff wars.
WAR_GAIN = ("region", "name", "welfare", "of income", "revenue before", "after")
WAR_CHECK = ("party", "welfare", "log points", "share of income")
ALL_SECTORS = "all of these"

# Cars.
CAR_RUNS = {"short": "1", "long": "3"}
CAR_MARKET = (
    "scenario", "year", "Treasury", "buyers", "dealers", "makers", "surplus", "price, USD",
    "built at home", "moved",
)  # fmt: skip
CAR_MAKER = (
    "maker", "year", "price, USD", "units", "%", "share, %", "profit", "low", "high", "Treasury",
    "buyers", "maker", "moved",
)  # fmt: skip
CAR_COUNTRY = (
    "country", "year", "before, %", "after, %", "parts, %", "units", "change, %", "low", "high",
    "trade engine, %",
)  # fmt: skip
CAR_POINT = ("good", "country", "year", "duty", "surplus", "profit", "most of it", "profit")
CAR_SOURCE = ("id", "title", "date", "licence", "grade")

# Supply chains.
CHAINS_AIMS = {
    "direct": "inputs, direct", "look_through": "looked through", "value_added": "value added",
    "jobs": "jobs",
}  # fmt: skip
CHAINS_AIM = (
    "package", "party", "aim", "grade", "base year", "no deal", "package", "change", "low", "high",
    "%",
)  # fmt: skip
CHAINS_MATRIX = "from \\ to"
CHAINS_SECTOR = (
    "party", "sector", "grade", "value added", "%", "low", "high", "persons", "change", "low",
    "high", "%",
)  # fmt: skip
CHAINS_EXPORT = (
    "from", "to", "exports", "change", "domestic", "change", "low", "high",
)  # fmt: skip
CHAINS_DEPENDENCE = ("party", "supplier", "direct, %", "looked through, %", "low", "high")

# Exposure.
EXPOSURE = (
    "package", "what", "where", "which", "in", "hangs on", "by, %", "sign", "value", "low",
    "high",
)  # fmt: skip
EXPOSURE_KINDS = {
    "sector": "sector", "maker": "car maker", "currency": "dollar", "debt": "public debt",
}  # fmt: skip
EXPOSURE_SIGNS = {"+": "up", "-": "down", "?": "open"}
EXPOSURE_UNITS = {
    "share": (100, "{:+.2f}", "%"), "bn USD": (1, "{:+.2f}", "bn USD"),
    "points": (100, "{:+.2f}", "points"),
}  # fmt: skip
EXPOSURE_HINGES = {
    "own_elasticity": "buyers' elasticity", "segment_correlation": "closeness of models",
    "customs_value": "customs values", "parts_value": "imported parts",
    "premium": "cost of moving", "spread": "spread of costs of moving", "pace": "pace of moving",
    "delay": "delay of moving", "passthrough": "pass-through", "stock": "stocks",
    "dealer_share": "what dealers bear", "rate": "the currency by itself",
    "stops": "sudden stops", "requests": "requests to pay later",
    "reserve_income": "income on reserves", "flow_price": "what buying dollars does",
    "guarantees": "guarantees called", "growth": "growth",
    "elasticity:others": "elasticities of other sectors",
}  # fmt: skip

OWN_ELASTICITY, ELASTICITY_OF = "its own elasticity", "elasticity of {sector}"
HINGE_SHARE, HINGES = "{share:.0f} ± {error:.0f}", "{name} or {rival}"
NO_HINGE = "no input alone"

# Backtests.
OUTCOME = (
    "episode", "outcome", "horizon", "source", "grade", "inside?", "low", "central", "high",
    "observed",
)  # fmt: skip
SCORE = ("episode", "measure", "inside", "mean error", "mean size", "skill")
ALL_OUTCOMES = "all outcomes"
EPISODE_SOURCE = ("episode", "id", "title", "date", "licence", "grade")

# The world and the checks.
CHECK = ("ok", "largest violation", "tolerance")
SELF_TEST = ("check", "source", "ok", "expected", "got", "tolerance")
SOURCE = ("id", "title", "date", "licence", "grade")
EVERY_REGION, EVERY_SECTOR = "every region", "every sector but services"

# Tariff lines.
COMPILED_LINES = ("importer", "what", "codes", "rows", "bn USD", "%")
COMPILED_TARIFF = (
    "importer", "exporter", "sector", "bn USD", "lines", "covered", "mean", "prices", "imports",
    "spread", "lowest", "highest",
)  # fmt: skip

# Gravity.
GRAVITY = ("sector", "elasticity", "error", "low", "high", "used", "separated", "pairs")
GRAVITY_COST = ("sector", "trade cost", "coefficient", "error", "low", "high", "over elasticity")

# The library.
LIBRARY = ("name", "title", "author", "published", "tags", "state", "version", "files")
ENQUIRY = ("number", "asked", "briefing", "name", "address", "question")
SWEPT = ("package", "region", "figure", "lowest", "middle", "highest")
SWEEP_FIGURES = {
    "gain": "gain, bn USD", "welfare": "welfare, bn USD a year",
    "duty_change": "duty, bn USD a year",
}  # fmt: skip
