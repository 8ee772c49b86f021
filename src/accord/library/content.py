"""What a library keeps of a briefing beside its files: enough for a card, a page and a search."""

import datetime as dt

from pydantic import BaseModel, ConfigDict

from accord.deal.related import Profile

FORMATS = ("html", "pdf", "md", "docx", "xlsx", "json", "png")
ARTICLE = "article"  # the part of a page that stands inside another one; no file to download
ENDINGS = {name: f".{name}" for name in FORMATS} | {ARTICLE: ".html"}


class Kept(BaseModel):
    """A part of what is kept as JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class PartyFigure(Kept):
    """What the package in focus is worth to a party, as numbers and as they are printed.

    Attributes:
        party: Its name.
        outlook: What it comes to, in a few words.
        tone: "gain", "loss" or "open".
        value: Present value over no deal, bn USD.
        low: 5th percentile of the draws; None without draws.
        high: 95th percentile.
        amount: `value` as printed.
        ends: `low` and `high` as printed; "" without draws.
        chance: In how many futures it gains, as printed; "" without draws.
    """

    party: str
    outlook: str
    tone: str
    value: float
    low: float | None = None
    high: float | None = None
    amount: str
    ends: str = ""
    chance: str = ""


class Point(Kept):
    """A key point: its lead, and what follows from it."""

    lead: str
    body: str


class Content(Kept):
    """A briefing in words and figures, without its drawings and tables.

    Attributes:
        slug: Its address: the name of the deal.
        kicker: Title of the deal.
        title: The finding.
        summary: One sentence on why.
        standfirst: What the package in focus is worth to each party.
        day: Date on the page.
        minutes: Reading time.
        names: Names of the parties by their code, such as "KOR".
        figures: A figure for each party.
        chance: In how many futures all gain, as printed; "" without draws.
        points: The key points.
        disclaimer: What it is not.
        body: All running text, for the search.
        tags: Tags that follow from the deal: its parties, its instruments.
        profile: What other deals may have in common with it.
        command: The command that gives it again; "" where none does.
        deal_sha256: Digest of the deal.
        world: Name of the world, and its digest.
        program: Version of Accord that made it.
        language: Code of its language.
    """

    slug: str
    kicker: str
    title: str
    summary: str
    standfirst: str
    day: dt.date
    minutes: int
    names: dict[str, str] = {}
    figures: tuple[PartyFigure, ...]
    chance: str = ""
    points: tuple[Point, ...]
    disclaimer: tuple[str, ...] = ()
    body: str = ""
    tags: tuple[str, ...] = ()
    profile: Profile
    command: str = ""
    deal_sha256: str
    world: tuple[str, str]
    program: str
    language: str = "en"
