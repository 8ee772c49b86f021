"""The central figures that a case keeps in `expected.toml`: read, worked out and written.

`uv run python -m tests.cases.expected` writes them again for every shipped case, after a change
that is meant to move them.
"""

import sys
import tomllib
from pathlib import Path

from accord.assessment.assess import assess
from accord.assessment.settings import AssessSettings
from accord.cases.shipped import case_names, case_path
from accord.deal.load import load_deal

FILE = "expected.toml"
# Present values take an equilibrium for every year: they are compared for these cases alone.
FLAGSHIPS = ("us-japan-2025", "us-korea-2025")
# No draws: central figures need none. Few paths: their mean is what the figures rest on.
SETTINGS = AssessSettings(draws=0, paths=200)
DIGITS = 4

Figures = dict[str, dict[str, dict[str, float]]]

HEAD = f"""# Central figures, bn USD of the price year, with {SETTINGS.paths} paths and no draws.
# `welfare` is a year's equivalent variation against no deal; `payoff` the present value over the
# horizon with tariffs by date; `payoff_frozen` the same with the tariffs of the assessment date;
# `money` the present value of investments, loans, guarantees and incentives to each party.
# A test works them out again. After a change that is meant: python -m tests.cases.expected
"""


def read_expected(path: Path) -> Figures:
    """Return the figures of a file, by kind, package and party."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def work_out(case: str | Path) -> Figures:
    """Return the figures of a case, by kind, package and party, rounded as a file holds them."""
    deal = load_deal(case)
    result = assess(deal, settings=SETTINGS)
    welfare = result.to_frame("welfare")
    parts = [("welfare", welfare[welfare["against"] == "no_deal"], "ev")]
    if deal.name in FLAGSHIPS:
        payoffs = result.to_frame("payoffs")
        parts.append(("payoff", payoffs[payoffs["timeline"] == "dated"], "payoff"))
        parts.append(("payoff_frozen", payoffs[payoffs["timeline"] == "frozen"], "payoff"))
    else:
        money = result.to_frame("finance").rename(columns={"party": "region"})
        parts.append(("money", money, "npv"))
    figures: Figures = {kind: {} for kind, frame, _ in parts if len(frame)}
    for kind, frame, column in parts:
        for row in frame[frame["region"].isin(deal.parties)].itertuples():
            value = round(float(getattr(row, column)), DIGITS) + 0.0
            figures[kind].setdefault(str(row.package), {})[str(row.region)] = value
    return figures


def write_expected(figures: Figures) -> str:
    """Return the figures as the text of a file."""
    lines = [HEAD]
    for kind, packages in figures.items():
        lines.append(f"[{kind}]")
        for package, parties in packages.items():
            inside = ", ".join(f"{party} = {value}" for party, value in parties.items())
            lines.append(f"{package} = {{ {inside} }}")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    for name in sys.argv[1:] or case_names():
        case_path(name, FILE).write_text(write_expected(work_out(name)), encoding="utf-8")
