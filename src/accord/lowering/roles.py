"""Roles: who pays, who hosts and who sets tariffs, read off the clauses for any number of parties.

A party may be a region, or a group such as "EU". What a group pays or receives is shared among its
members in proportion to their value added; a tariff of a group is one of each member; its payoff is
the sum of theirs; and members of a party value money at the rate of the party.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from accord.data.world import World
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.clauses.purchase import PurchaseClause
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import NO_DEAL, Deal
from accord.deal.products import build_cells, expand_regions
from accord.deal.regions import members_of


@dataclass(frozen=True)
class Roles:
    """Who pays, who hosts and who sets tariffs, each in order of first mention.

    Attributes:
        payers: Parties that invest or buy.
        hosts: Parties in which is invested, or that sell.
        setters: Parties whose tariffs on another party the packages set.
        charged: Parties whose goods those tariffs fall on.
    """

    payers: tuple[str, ...]
    hosts: tuple[str, ...]
    setters: tuple[str, ...]
    charged: tuple[str, ...]


def find_roles(deal: Deal, *packages: str) -> Roles:
    """Return who does what under packages; under all that are not no deal if none is named."""
    names = packages or tuple(name for name in deal.package_names if name != NO_DEAL)
    clauses = [clause for name in names for clause in deal.package(name).clause]
    money = [pair for clause in clauses for pair in _money_between(clause)]
    setters = [clause.importer for clause in clauses if isinstance(clause, TariffClause)]
    charged = [party for clause in clauses for party, _ in _tariffs_between(clause, deal.parties)]
    return Roles(
        _parties_in((payer for payer, _ in money), deal),
        _parties_in((host for _, host in money), deal),
        _parties_in(setters, deal),
        _parties_in(charged, deal),
    )


def pairs_of(deal: Deal) -> tuple[tuple[str, str], ...]:
    """Return the pairs of parties that a deal is about, the principal one first.

    The first of a pair pays the second, or the second charges the goods of the first, or both.
    Parties of which neither holds follow, each with the principal host.
    """
    first = lead_payer(deal)
    lead = lead_host(deal, first)
    pairs = [(first, lead)]
    for package in deal.package_names:
        for clause in deal.package(package).clause:
            paid = (
                (party_of(payer, deal.parties), party_of(host, deal.parties))
                for payer, host in _money_between(clause)
            )
            pairs += [*paid, *_tariffs_between(clause, deal.parties)]
    pairs += [(party, lead) for party in deal.parties]
    named = set(deal.parties)
    return tuple(pair for pair in dict.fromkeys(pairs) if len({*pair} & named) == 2)


def lead_payer(deal: Deal) -> str:
    """Return the party that pays most prominently: in the package in focus, or in the last one.

    Where none does, the party whose goods are charged, or the last party of the file.
    """
    for package in (deal.package(deal.focus), *reversed(deal.packages)):
        investments = [clause for clause in package.clause if isinstance(clause, InvestmentClause)]
        payers = _parties_in((clause.payer for clause in investments), deal)
        if payers:
            return payers[0]
    charged = find_roles(deal).charged
    return charged[0] if charged else deal.parties[-1]


def lead_host(deal: Deal, payer: str) -> str:
    """Return the party in which another one invests, or whose tariffs it bears, or the next one."""
    for package in (deal.package(deal.focus), *reversed(deal.packages)):
        hosts = [
            clause.host
            for clause in package.clause
            if isinstance(clause, InvestmentClause)
            and party_of(clause.payer, deal.parties) == payer
        ]
        parties = [party for party in _parties_in(hosts, deal) if party != payer]
        if parties:
            return parties[0]
    others = [party for party in find_roles(deal).setters if party != payer]
    return (others or [party for party in deal.parties if party != payer])[0]


def sides_of(deal: Deal) -> tuple[str, ...]:
    """Return the parties that would make one side of a deal of two: all but the principal host."""
    payer = lead_payer(deal)
    host = lead_host(deal, payer)
    return tuple(party for party in deal.parties if party != host)


def party_of(region: str, parties: Sequence[str]) -> str:
    """Return the party a region or group belongs to; itself if it belongs to none."""
    if region in parties:
        return region
    return next((party for party in parties if region in expand_regions([party], [region])), region)


def member_shares(name: str, world: World) -> dict[str, float]:
    """Return the share of each member of a region or group in what it pays or receives.

    A region of the world has all of its own; members of a group share by value added.
    """
    members = expand_regions([name], world.regions)
    if members == (name,):
        return {name: 1.0}
    worth = {name: float(world.value_added[world.regions.index(name)]) for name in members}
    whole = sum(worth.values())
    return {member: part / whole for member, part in worth.items()}


def find_groups(deal: Deal, world: World) -> dict[str, dict[str, float]]:
    """Return the groups that are parties, pay or host, with the shares of their members."""
    named = [*deal.parties]
    for package in deal.package_names:
        for clause in deal.clauses(package):
            named += [name for pair in _money_between(clause) for name in pair]
    groups = [name for name in dict.fromkeys(named) if name not in world.regions]
    return {name: member_shares(name, world) for name in groups}


def region_axis(deal: Deal, world: World) -> tuple[str, ...]:
    """Return everything that can gain or lose: the regions of the world, then the deal's groups."""
    return (*world.regions, *find_groups(deal, world))


def by_member(clauses: Sequence[ClauseBase], world: World) -> tuple[ClauseBase, ...]:
    """Return clauses in which every tariff and ruling of a group is one of each member.

    Trade between members stays as it is, and a quota is shared among them by what they buy.
    """
    if all(_importer(clause) in (None, *world.regions) for clause in clauses):
        return tuple(clauses)
    return tuple(part for clause in clauses for part in _of_members(clause, world))


def _of_members(clause: ClauseBase, world: World) -> Iterator[ClauseBase]:
    importer = _importer(clause)
    if importer is None or importer in world.regions:
        yield clause
        return
    members = expand_regions([importer], world.regions)
    if not isinstance(clause, TariffClause):
        yield from (clause.model_copy(update={"importer": member}) for member in members)
        return
    outside = (*clause.except_exporters, importer)
    parts = [
        clause.model_copy(update={"importer": member, "except_exporters": outside})
        for member in members
    ]
    if clause.quota is None:
        yield from parts
        return
    bought = []
    for part in parts:
        cells = build_cells(world, part.importer)
        bought.append(float(cells.imports[cells.select(part)].sum()))
    whole = sum(bought)
    for part, imports in zip(parts, bought, strict=True):
        if imports > 0:
            yield part.model_copy(update={"quota": clause.quota.scaled(imports / whole)})


def _importer(clause: ClauseBase) -> str | None:
    return clause.importer if isinstance(clause, TariffClause | RulingClause) else None


def _money_between(clause: ClauseBase) -> Iterator[tuple[str, str]]:
    """Yield who pays and who receives under a clause that moves money."""
    if isinstance(clause, InvestmentClause):
        yield clause.payer, clause.host
    elif isinstance(clause, PurchaseClause):
        yield clause.buyer, clause.seller


def _tariffs_between(clause: ClauseBase, parties: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield whose goods a tariff charges, and whose tariff it is."""
    if isinstance(clause, TariffClause):
        setter = party_of(clause.importer, parties)
        for party in parties:
            if party != setter and _is_charged(clause, party):
                yield party, setter


def _is_charged(clause: TariffClause, party: str) -> bool:
    """Whether goods of a party, or of a member of it, are under a tariff."""
    members = members_of(party) or (party,)
    charged = set(expand_regions(clause.exporters, members))
    return bool(charged - set(expand_regions(clause.except_exporters, members)))


def _parties_in(names: Iterable[str], deal: Deal) -> tuple[str, ...]:
    """Return the parties that regions or groups belong to, in order of first mention."""
    parties = dict.fromkeys(party_of(name, deal.parties) for name in names)
    return tuple(name for name in parties if name in deal.parties)
