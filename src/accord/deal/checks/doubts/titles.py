"""Figures of a clause that its title or note says otherwise: rates in per cent, money, rules."""

import re
from collections.abc import Iterator

from accord.core.errors import Notice
from accord.deal.checks.text.as_written import show_number
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import Deal, Package

PERCENT = re.compile(r"(?<![\d.,])(\d+(?:[.,]\d+)?)\s?(?:%|per cent|percent)")
COUNTED_FROM = re.compile(
    r"\b(?:from|by|above|over|(?:cut|reduction|margin|preference) of)\s+\d+(?:[.,]\d+)?\s?"
    r"(?:%|per ?cent)",
    re.IGNORECASE,
)
WHOLE_RATE = re.compile(r"\b(?:all[- ]in|all[- ]inclusive|at most|ceiling|capped)\b", re.IGNORECASE)
MONEY = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[ ,]\d{3})+|\d+)([.,]\d+)?[ -]?(tn|trillion|bn|billion|mn|million)s?\b",
    re.IGNORECASE,
)
PART_OF = re.compile(r"(?:%|per ?cent|share|part|third|half|quarter|tenth)\s+of\s*\S{0,3}$")
UNITS = {"t": 1e12, "b": 1e9, "m": 1e6}
YEARLY = re.compile(r"\b(?:a|per|each|every) year|\byearly|\bannual", re.IGNORECASE)
WIDE_SPACES = re.compile("[\u00a0\u2009\u202f]")
FAR = 100.0
TIE = 1e-9


def find_titles(deal: Deal) -> Iterator[Notice]:
    """Yield a notice for each figure that is not the one its title or note says."""
    for table in (deal.background, deal.no_deal, *deal.packages):
        only = sum("amount" in type(clause).model_fields for clause in table.clause) == 1
        title = table.title if only and isinstance(table, Package) else ""
        for clause in table.clause:
            if isinstance(clause, TariffClause):
                yield from _check_rates(clause)
                yield from _check_rule(clause)
            yield from _check_money(clause, title)


def rates_of(clause: TariffClause) -> Iterator[tuple[str, float]]:
    """Yield every rate of a tariff above zero, with its place in the clause."""
    rates = [("rate", clause.rate), ("preference_rate", clause.preference_rate)]
    if clause.quota is not None:
        rates.append(("quota.in_quota_rate", clause.quota.in_quota_rate))
    if clause.snap_back is not None:
        rates.append(("snap_back.rate", clause.snap_back.rate))
    if clause.retroactive is not None:
        rates.append(("retroactive.charged_rate", clause.retroactive.charged_rate))
    rates += [(f"steps[{n}].rate", step.rate) for n, step in enumerate(clause.steps, start=1)]
    yield from ((where, rate) for where, rate in rates if rate > 0)


def per_cents_in(text: str) -> list[float]:
    """Return the figures in per cent that a text names."""
    return [float(figure.replace(",", ".")) for figure in PERCENT.findall(_plain(text))]


def rates_as_per_cent(clause: TariffClause) -> dict[str, float]:
    """Return the rates of a tariff that its title, or else its note, says as so many per cent.

    A title of "0.5 %" beside `rate = 0.5` is a slip: the clause charges 50 %.
    """
    said = per_cents_in(clause.title) or per_cents_in(clause.note)
    return {
        where: rate
        for where, rate in rates_of(clause)
        if _names(said, rate) and not _names(said, 100 * rate)
    }


def says_rate(clause: TariffClause, rate: float) -> bool:
    """Return whether the title or the note of a tariff names a rate in per cent."""
    said = [*per_cents_in(clause.title), *per_cents_in(clause.note)]
    return _names(said, 100 * rate)


def amounts_in(text: str) -> dict[str, float]:
    """Return the sums of money that a text names, as it names them, in units of the currency."""
    text = _plain(text)
    sums = {}
    for match in MONEY.finditer(text):
        if PART_OF.search(text[: match.start()].casefold()) is None:
            whole, rest = re.sub("[ ,]", "", match[1]), (match[2] or "").replace(",", ".")
            sums[match[0]] = float(whole + rest) * UNITS[match[3][0].casefold()]
    return sums


def _plain(text: str) -> str:
    return WIDE_SPACES.sub(" ", text)


def _names(said: list[float], figure: float) -> bool:
    return any(abs(value - figure) < TIE * max(1.0, figure) for value in said)


def _check_rates(clause: TariffClause) -> Iterator[Notice]:
    slips = rates_as_per_cent(clause)
    for where, rate in slips.items():
        place = "title" if per_cents_in(clause.title) else "note"
        message = f"{show_number(rate)} is {100 * rate:g} %, and the {place} says {rate:g} %"
        remedy = f"a rate is a fraction: did you mean {rate / 100:g}?"
        yield Notice(f"{clause.path}.{where}", message, remedy)
    if not slips:
        yield from _check_title(clause)
    if clause.rule in ("add", "floor") and not list(rates_of(clause)) and not clause.replaces:
        remedy = 'to end a tariff, write rule = "level"; to exempt goods, use `except_products`'
        yield Notice(f"{clause.path}.rate", "adds nothing to what is paid already", remedy)


def _check_title(clause: TariffClause) -> Iterator[Notice]:
    """A title whose only figure in per cent is neither a rate nor a share of the clause.

    What a title counts from ("from 150 %") or cuts by ("by 50 %") is left out, and so are clauses
    that cut a share of the duty: their titles name duties.
    """
    if clause.rule == "cut":
        return
    said = per_cents_in(COUNTED_FROM.sub("", _plain(clause.title)))
    shares = [clause.content_share, clause.collected_share, clause.preference_share or 0.0]
    known = [100 * figure for _, figure in rates_of(clause)]
    known += [100 * part for share in shares for part in (share, 1 - share)]
    if len(said) == 1 and not _names(known, said[0]):
        rates = " and ".join(f"{100 * rate:g} %" for _, rate in rates_of(clause)) or "0 %"
        message = f"the title says {said[0]:g} %, and the clause charges {rates}"
        yield Notice(f"{clause.path}.rate", message, "correct one of the two")


def _check_rule(clause: TariffClause) -> Iterator[Notice]:
    """A title that says "all in" beside a rule that is an add-on."""
    words = WHOLE_RATE.search(clause.title) if clause.rule == "add" else None
    if words is not None:
        message = f'the title says "{words[0]}", and `add` puts the rate on top of the base'
        remedy = "did you mean level (all in), floor (at least), or ceiling (at most)?"
        yield Notice(f"{clause.path}.rule", message, remedy)


def _check_money(clause: ClauseBase, package: str) -> Iterator[Notice]:
    """Amounts a hundred times above or below every sum of money that the words name.

    The words are the title, else the note, else the title of a package without other amounts.
    """
    texts = [("title", clause.title), ("note", clause.note), ("title of the package", package)]
    place, sums = next(
        ((place, sums) for place, text in texts if (sums := amounts_in(text))), ("", {})
    )
    quota = clause.quota if isinstance(clause, TariffClause) else None
    yearly = any(YEARLY.search(text) for _, text in texts)
    for where, amount in (
        ("amount", getattr(clause, "amount", None)),
        ("annual_cap", getattr(clause, "annual_cap", None) if yearly else None),
        ("quota.amount", None if quota is None else quota.amount),
    ):
        if not sums or not isinstance(amount, int | float) or amount <= 0:
            continue
        words = min(sums, key=lambda text: _factor(sums[text], amount))
        if _factor(sums[words], amount) >= FAR:
            message = f"{show_number(amount)} is {_in_words(amount)}, and the {place} says {words}"
            remedy = f"did you mean {_as_written(sums[words])}?"
            yield Notice(f"{clause.path}.{where}", message, remedy)


def _factor(said: float, amount: float) -> float:
    """How many times one of two sums is the other; infinite beside zero."""
    return max(said / amount, amount / said) if said > 0 else float("inf")


def _in_words(amount: float) -> str:
    """A sum as people say it: 250 million."""
    for unit, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if amount >= unit:
            return f"{amount / unit:g} {word}"
    return f"{amount:g}"


def _as_written(amount: float) -> str:
    """A sum as a deal file has it: 600e9."""
    unit = 9 if amount >= 1e9 else 6
    return f"{amount / 10**unit:g}e{unit}"
