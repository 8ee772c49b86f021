"""The sentences of the commands, and the titles of their tables.

Headings of columns are in `headings`; errors stand where they are raised, and the help of an option
beside the option, because Typer reads it there.
"""

# Errors and the end of a command.
INTERRUPTED_WORDS = "stopped; nothing was written, and what was solved is kept for the next run"
NOT_WHOLE = (
    "cannot write to standard output: {reason}. What was printed is not whole; free space there, "
    "or write elsewhere."
)
FAULT = (
    "this is a fault of Accord, not of your input. Please report this, with the lines above and "
    "the deal file if you can share it."
)
CACHE_FULL = (
    "compiled programs cannot be kept for the next run ({reason}). The figures are the same; free "
    "space there, or set ACCORD_CACHE_DIR to another folder."
)
DEPRECATED_COMMAND = (
    "`accord {old}` is now `accord {new}`; {old} will be dropped in the next version"
)
DEPRECATED_OPTION = "{old} is now {new}; {old} will be dropped in the next version"

BORROWED = (
    "no font that comes with Accord has the letters {letters}. Fonts of this machine show them "
    "where it has any, so look at the file."
)

# The server.
SERVING = "Accord answers at {address} and keeps its library in {library}. Stop it with Ctrl-C."

# Progress where there is no terminal to draw a bar in.
PROGRESS = "{what}: {done} of {of}"

# Titles of tables.
TARIFF_EFFECTS = "Tariffs on the trade that each clause covers"
TAX_ON, TAX_TO = "{region}, {base}", "{region}, {base} to {buyers}"
TAX_EFFECTS = "Taxes and subsidies on what each clause covers"
COMMITMENTS = "Commitments on the central path, bn USD"
PACKAGE_TARIFFS = (
    "Tariffs of each package on all goods, per cent of customs value, weighted by imports"
)
TARIFF_HISTORY = "Tariffs by date, per cent of customs value"
CAR_MARKETS = (
    "New cars in the United States against the duties of {year}, in the first year and in the "
    "third: what the Treasury receives more, who bears it and consumer surplus, bn USD a year; "
    "mean price, USD; units built at home and moved there, thousands"
)
CAR_MAKERS = (
    "Makers under {told}: mean price, USD; units sold and moved home, thousands; profit with its "
    "5th and 95th percentiles, duty received and who bears it, bn USD a year"
)
CAR_COUNTRIES = (
    "Imports under {told}: duties, units in thousands and their change, and what the trade engine "
    "says of the sector"
)
CAR_POINTS = (
    "One percentage point more of each duty under {told}: duty received, consumer surplus and "
    "profit of all makers, and of the one it costs most, mn USD a year"
)
CARS_AGAINST_TRADE = (
    "The trade engine lays the rise of the duty on the whole sector, parts and trucks included. "
    "It has one elasticity for every country, wages that answer and no makers. The car market has "
    "makers, margins, plants that fill and segments, and nobody's wages answer."
)
CAR_NOTE = "  {note}"
AIMS = (
    "Manufacturing of each party in an average year, against no deal: what a dollar of its output "
    "takes from {supplier}, directly and looked through all stages, cents; value added at old "
    "prices, bn USD; jobs, thousands"
)
MATRIX = "Trade under {told} against no deal: change of exports, bn USD a year"
MATRIX_CELL = "{:+.1f}"
SECTOR_CHANGES = (
    "Sectors that change most under {told}: value added, bn USD a year, and its change; persons, "
    "thousands"
)
EXPORT_CONTENT = (
    "Exports under {told} and the domestic value added in them (Borin and Mancini, source), bn USD "
    "a year"
)
DEPENDENCE = "What a dollar of manufacturing takes from others under {told}, cents"
CHAINS_LIMITS = (
    "Low and high are the lowest and highest over the sets of trade elasticities, and no more.",
    "Imports are spread over users in proportion, because the trade engine does not know the use.",
)
CHAINS_NOTE = "  {note}"
EXPOSED = "What {told} moves against no deal: {what}"
EXPOSED_KINDS = {
    "sector": "value added of sectors in an average year",
    "maker": "profits of car makers in the third year",
    "currency": "the price of the dollar after ten years",
    "debt": "public debt over GDP after ten years",
}
EXPOSURE_NOTES = {
    "sector": "Sectors: mean, lowest and highest over the sets of elasticities.",
    "maker": "Makers: the most likely values, and the 5th and 95th percentiles of draws. For "
    "sources of the car market add --table sources.",
    "currency": "Dollar: the median of what changes on a path, and the 5th and 95th percentiles.",
    "debt": "Debt: the same.",
}
HINGE_NOTES = (
    "Hangs on: the input with the largest share of the variance; by: that share, and its error.",
    "Two are named where their shares are within errors of each other, and none where none leads.",
)
NO_NEW_DUTY = (
    "No package of this deal changes the duties of {home} on cars. The plain rates show what such "
    "duties would do."
)
BACKTEST = "What was predicted, beside what happened"
BACKTEST_SCORES = (
    "Scores: outcomes inside the interval, errors, and skill over the forecast that nothing moves"
)
PAYOFFS = "Payoffs against no deal, present value, bn USD"
COMPONENTS = "Their components, bn USD"
COMMITTED = "What is committed, and the tariffs that it saves"
BARGAIN_PACKAGES = "Packages: payoffs over no deal, bn USD of present value"
DEADLINES = "Agreed payoffs, bn USD, by the number of monthly proposals left"
AGREEMENTS = "Terms of {package}, and those that each rule picks; payoffs in bn USD"
CHANGES = "The least changes of {package} that all parties accept"
PRICES = "The price of one step more in {package}: bn USD of present value over no deal"
EXCHANGE = "What compensates for it: change of {title}, in steps of {step}"
EXCHANGE_ROW = "{step} more of {title}"
THREATS = (
    "Tariffs of each package alone, bn USD over no deal: a threat is credible where they are a loss"
)
WEIGHTS = (
    "What a dollar of value added counts for, read off the tariffs; over the sets of elasticities"
)
BENDS = "bends here"
LEDGER = (
    "{package}: {payer} pays, {host} hosts; million dollars, mean of paths (to the cent: "
    "--format csv)"
)
VALUES = "Values at each party's own rate"
RESERVES = "Reserves, bn USD: {held}; what they cover before and after payments from them"
CHANCES = "Chance of crossing a line, %"
PUBLIC_DEBT = "Public debt after ten years, % of GDP"
CAPACITY = "Safe to pay for ten years, bn USD a year (adds at most {points:g} points to a risk)"
WAR_TARIFFS = "Tariffs in per cent, before and after: averages weighted by imports of the base year"
WAR_WELFARE = "Welfare and tariff revenue, bn USD a year, against the base year"
IN_BLOCS = "{world} in seven blocs"
WAR_CHECKS = (
    "Checks: how far any rate is from its optimum, and what the best other reply would bring"
)
CASES = "Deals and backgrounds"
RELATED_CASES = "Cases with something in common with {case}, the closest first"
RANK_OF_DEALS = (
    "Tariff saved for money committed, without solving: the package in focus of each deal against "
    "no deal"
)
GUARANTEES = "Guarantees"
SOURCES = "Sources"
DIMENSIONS = "Dimensions"
REGIONS = "Regions"
SECTORS = "Sectors"
CHECKS = "Checks"
SELF_TEST_TITLE = "Self-test"
SOLVES_TITLE = "Solves"
NOT_EXPLAINED = (
    "it is a table, not a component of the payoff: accord assess CASE --table {table}. Explained "
    "are {figures}"
)
GROUPS = "Product groups, as HS codes for tariffs of {importer} only"
NO_IMPORTER = "no importer"
AVERAGE_YEAR = "An average year of {first} to {last} at the tariffs of {day}"
AGAINST_NO_DEAL = "Against no deal"
AGAINST_BASELINE = "Against the baseline"

# The library.
BRIEFINGS = "Briefings"
ENQUIRIES_ASKED = "Enquiries"
PUBLISHED = "{slug}, version {number}, is in {folder}"
PUBLISHED_FILES = "formats: {formats}"
RESTORED = "{folder} holds what the backup held; briefings: {count}"
WITHDRAWN = "{slug} is withdrawn; accord library withdraw {slug} --undo takes it back"
RETURNED = "{slug} is back on the lists"
WITHDRAWN_ON = "withdrawn {day}"
SHIPPED = "comes with Accord"
DELETED = "enquiry {number} is deleted"

# Many scenarios.
SWEEP_DONE = "scenarios: {count}; solved now: {solved}; finished before: {kept}"
SWEEP_FAILED = "failed: {count}; the columns status and problem say why"
SWEEP_UNFINISHED = (
    "of these not finished, by a fault, short memory or a killed worker: {count}; the same command "
    "tries them again"
)
SWEEP_STOPPED = "stopped; what is finished is in {folder}, and the same command goes on from there"
SWEEP_SUMMARY = (
    "Scenarios against no deal: gain is present value over the horizon, the others are of an "
    "average year"
)

# Commands.
BALANCE_TOTAL = "{what}: {before:,.6g} bn USD in the file, {after:,.6g} in the world"
BALANCE_RULE = "{what}: {moved:,.4g} bn USD moved, {share:.2g} % of output; most in {most}"
COMPILED_REPORT = "What the lines cover: rows, bn USD, % of imports, and the largest codes"
COMPILED_TARIFFS = (
    "Tariffs by exporter and sector, the largest imports first: bn USD, lines, % covered, and in % "
    "the mean, the uniform rates of the same price index and of the same import value, and the "
    "spread of rates"
)
LINES_OF = "Deals in this world can name HS codes in tariffs of {importer} alone."
LINES_GONE = (
    "Those of {former}, which the world had, are left out: a world has lines of one importer."
)
GRAVITY_TABLE = (
    "Trade elasticities, with clustered errors and intervals that hold nine in ten; flows used, "
    "flows that effects fit perfectly, and pairs"
)
GRAVITY_COSTS_TABLE = "Coefficients of other trade costs, and each over minus the elasticity"
SETS_IN_PLAY = "sets in play: the estimate, and {count} drawn with its errors"
READ_SIZE = "{regions} regions and {sectors} sectors"
BUILT = "{size:.2f} MB, sha256 {sha256}"
REBASED = "rebased in {steps} steps, largest residual {residual:.1e}"
NO_PROBLEM = "{file}: no problem found"
WARNING = "warning: {notice}"
DEAL_SIZE = "{title}: {packages} packages, {clauses} clauses"
BETWEEN = (
    "  of these, between the parties: {laws}. They hold without a deal too, unless a clause of "
    "[no_deal] replaces them"
)
INCLUDES = "  includes {name}: {title}, as of {as_of} ({count} clauses)"
KNOWN_ON = "  as known on {day}: what was decided later is left out"
NOT_COUNTED = "  recorded, not counted: {what} ({package})"
NO_HISTORY = "{case}: no [[history]] in this file: the tariffs below are those of each package"
ALL_PASSED = "all {count} checks passed"
SOME_FAILED = "{failed} of {count} checks failed: {names}"
WAR_SOLVED = (
    "{status}: {steps} steps ({method}), {equilibria} equilibria and {gradients} gradients, checks "
    "included; deficits: {closure}"
)
MORE_ROWS = "{left} more rows: add --format csv"
