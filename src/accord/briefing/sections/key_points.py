"""The standfirst, the key points and what a year under the terms brings, made from facts."""

import datetime as dt

from accord.briefing.charts.figures import money, share
from accord.briefing.document.facts import Fact, Name, Prose, sentence
from accord.briefing.sections.headline import build_chances, build_law_point, build_party_point
from accord.briefing.view import BASELINE, NO_DEAL, BriefingView, Welfare
from accord.briefing.words.law_changes import build_since

SMALL = 0.005  # bn USD a year: below this a part is not worth a clause of its own


def build_year(view: BriefingView) -> Prose:
    """Return one sentence with what a year at the day's tariffs is worth to the payer.

    What comes from tariffs and what from the transfer are told apart.
    """
    got = view.welfare(view.focus, NO_DEAL, view.payer)
    lower = view.rate(view.focus) < view.rate(NO_DEAL)
    gain = got.tariff_part >= 0
    whole = "Lower tariffs under {package} " if lower else "the tariffs under {package} "
    whole += "are worth {tariffs:size} a year to {payer}" if gain else "cost {payer} {tariffs:size}"
    whole += " at the rates of {day}" if gain else " a year at the rates of {day}"
    if got.transfer_part <= -SMALL:
        whole += "; paying what it promised takes {transfer:size} a year while it lasts"
    elif got.transfer_part >= SMALL:
        whole += "; the money it is promised adds {transfer:size} a year while it lasts"
    return sentence(
        whole,
        package=Name(view.package(view.focus)),
        payer=Name(view.region(view.payer)),
        tariffs=tariff_ranged(got),
        transfer=money(got.transfer_part),
        day=Fact(view.evaluate_on, "date"),
    )


def build_standfirst(view: BriefingView, date: dt.date) -> Prose:
    """Return what the headline's figures mean, what they leave out and how old the rates are."""
    whole = build_chances(view)
    since = build_since(view, date)
    return whole if since is None else whole + since


def build_key_points(view: BriefingView) -> tuple[Prose, ...]:
    """Return three to five sentences that carry the result."""
    points = [build_party_point(view, region) for region in (view.payer, view.host)]
    law = build_law_point(view)
    if law is not None:
        points.append(law)
    points.append(_sector_point(view))
    if view.third_countries:
        points.append(_third_point(view))
    return tuple(points)


def build_year_points(view: BriefingView) -> tuple[Prose, ...]:
    """Return what a year under the package in focus, and without a deal, brings each party."""
    points = [_year_point(view, region) for region in (view.payer, view.host)]
    return (*points, _no_deal_point(view))


def _year_point(view: BriefingView, region: str) -> Prose:
    got = view.welfare(view.focus, NO_DEAL, region)
    parts: dict[str, Fact | Name | Prose] = {
        "region": view.marked(view.region(region), region),
        "package": Name(view.package(view.focus)),
        "total": ranged(got),
        "change": share(got.change),
        "tariffs": money(got.tariff_part),
        "span": build_aside(tariff_ranged(got)),
        "transfer": money(got.transfer_part),
        "aside": build_aside(ranged(got)),
    }
    if abs(got.transfer_part) < SMALL:
        return sentence(
            "{region}: {package} brings {total:signed} a year against no deal{aside}, "
            "{change:signed} of income.",
            **parts,
        )
    template = (
        "{region}: under {package}, tariffs bring {tariffs:signed} a year against no deal{span} "
        "and the transfer {transfer:signed}. Together that is {total:signed}{aside}, "
        "{change:signed} of income, "
    )
    if region == view.payer:
        return sentence(template + "before any return on the money it invests.", **parts)
    return sentence(template + "before anything is paid back on the money it receives.", **parts)


def build_aside(fact: Fact) -> Prose:
    """Return the range of a fact in brackets; it says so where the sign is not settled."""
    low, high = fact.interval or (0.0, 0.0)
    if high - low < SMALL:
        return Prose(())
    text = " (range {span}"
    if low < -SMALL and high > SMALL:
        text += ", so even the sign is not settled"
    return Prose(sentence(text + ")", span=Name(fact.interval_text())).pieces)


def ranged(got: Welfare) -> Fact:
    """Return the total of a welfare line with its range, bn USD a year."""
    return money(got.ev, (min(got.low, got.ev), max(got.high, got.ev)))


def tariff_ranged(got: Welfare) -> Fact:
    """Return the part from tariffs of a welfare line with its range, bn USD a year."""
    low, high = min(got.tariff_low, got.tariff_part), max(got.tariff_high, got.tariff_part)
    return money(got.tariff_part, (low, high))


def _no_deal_point(view: BriefingView) -> Prose:
    payer, host = (view.welfare(NO_DEAL, BASELINE, region) for region in (view.payer, view.host))
    return sentence(
        "Without a deal, {payer} would be {one:size} a year {low} than in {year}{first}, and "
        "{host} {two:size} {high}{second}. This counts the tariffs on every other country as well.",
        payer=Name(view.region(view.payer)),
        host=Name(view.region(view.host)),
        one=money(payer.ev),
        two=money(host.ev),
        low=Name(_better(payer.ev)),
        high=Name(_better(host.ev)),
        first=build_aside(ranged(payer)),
        second=build_aside(ranged(host)),
        year=Fact(view.year, "year"),
    )


def _better(value: float) -> str:
    return "better off" if value >= 0 else "worse off"


def _sector_point(view: BriefingView) -> Prose:
    sector, payer = view.main_sector, view.payer
    base, none, deal = (
        view.exports(package, payer, sector) for package in (BASELINE, NO_DEAL, view.focus)
    )
    return sentence(
        "{sector} is the sector most at stake: sales of {payer} to {host} were {base} in {year}; "
        "the model puts them at {none} with no deal and {deal} under {package}.",
        sector=Name(view.sector(sector)),
        payer=Name(view.region(payer)),
        host=Name(view.region(view.host)),
        base=money(base),
        none=money(none),
        deal=money(deal),
        year=Fact(view.year, "year"),
        package=Name(view.package(view.focus)),
    )


def _third_point(view: BriefingView) -> Prose:
    def worth(region: str) -> float:
        return view.welfare(view.focus, NO_DEAL, region).ev

    low = min(view.third_countries, key=worth)
    high = max(view.third_countries, key=worth)
    template = "Outside the deal the effects are smaller. When {package} replaces no deal, "
    if worth(high) < SMALL:
        template += "{low} loses most ({two:signed} a year) and none gains more than a trace."
    elif worth(low) > -SMALL:
        template += "{high} gains most ({one:signed} a year) and none loses more than a trace."
    else:
        template += (
            "{high} gains most ({one:signed} a year) and {low} loses most ({two:signed} a year)."
        )
    if max(abs(worth(low)), abs(worth(high))) > _smallest_party(view):
        template = template.replace("the effects are smaller", "the effects are not small")
    return sentence(
        template,
        package=Name(view.package(view.focus)),
        high=view.marked(view.region(high), high),
        low=view.marked(view.region(low), low),
        one=money(worth(high)),
        two=money(worth(low)),
    )


def _smallest_party(view: BriefingView) -> float:
    return min(abs(view.welfare(view.focus, NO_DEAL, party).ev) for party in view.deal.parties)
