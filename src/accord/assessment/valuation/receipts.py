"""What each region receives and does without under a package, its risk, and what comes later.

After the horizon no equilibrium is solved. Money counts as what it is, and new capacity as what it
earns.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from accord.assessment.valuation.cash_flows import Amounts, CashFlows, move_pair
from accord.assessment.valuation.equations import discount_factors, risk_discount, years_at_risk
from accord.assessment.valuation.uncertainty import Inputs
from accord.core.arrays import Float

Gains = Float[np.ndarray, "draw year region"]


def receive(
    amounts: Sequence[Amounts],
    cash_flows: Sequence[CashFlows],
    regions: Sequence[str],
    shape: tuple[int, ...],
) -> dict[str, Gains]:
    """Return what each region receives and does without, by draw, year and region.

    `sent`, `home`, `debt` (the part of `home` that is debt service and fees) and `displaced` (the
    part of `sent` that displaced assets would have paid) are money; goods in `kind` are bought by
    the payer (inside its income, and not consumed by it) and reach the host; `cost` is building
    that the host does not consume; `capacity` is what new building earns there. What is `apart`
    the payer pays to others than the host, or gets from them: it moves nothing in the world
    economy.
    """
    flows = {name: np.zeros((*shape, len(regions))) for name in
             ("sent", "home", "debt", "displaced", "kind", "cost", "capacity",
              "apart_out", "apart_home", "apart_debt")}  # fmt: skip
    for moved, pair in zip(amounts, cash_flows, strict=True):
        received = {
            "sent": -(moved.out + moved.lost), "home": moved.back, "debt": moved.debt,
            "displaced": -moved.lost, "kind": -moved.tied,
        }  # fmt: skip
        for party, sign in ((pair.payer, 1.0), (pair.host, -1.0)):
            for region, share in pair.shares(party).items():
                if region in regions:
                    at = regions.index(region)
                    for name, flow in received.items():
                        flows[name][:, :, at] += sign * share * flow
        apart = {
            "apart_out": moved.apart_out, "apart_home": moved.apart_back,
            "apart_debt": moved.apart_debt,
        }  # fmt: skip
        for region, share in pair.shares(pair.payer).items():
            for name, flow in apart.items() if region in regions else ():
                flows[name][:, :, regions.index(region)] += share * flow
        for region, share in pair.shares(pair.host).items():
            if region in regions:
                flows["cost"][:, :, regions.index(region)] += share * moved.cost
                flows["capacity"][:, :, regions.index(region)] += share * moved.capacity
    return flows


def find_involved(cash_flows: Sequence[CashFlows], regions: Sequence[str]) -> list[int]:
    """Return the positions of the regions between which money moves; others receive nothing."""
    names = {
        name for pair in cash_flows for party in (pair.payer, pair.host)
        for name in pair.shares(party)
    }  # fmt: skip
    return [at for at, region in enumerate(regions) if region in names]


def price_risk(
    earned: Gains,
    flows: Mapping[str, Gains],
    real: Float[np.ndarray, "draw region"],
    inputs: Inputs,
    *,
    risk_years: Float[np.ndarray, "draw year"],
) -> Gains:
    """Return what the risk of receipts takes off their value, bn USD a year.

    Profits, what displaced assets would have paid and what new capacity earns bear the risk of
    projects; interest, repayments and fees that of a loan. Whoever pays them out is spared it.
    """
    owned = flows["home"] - flows["debt"] + flows["displaced"]
    return np.asarray(
        risk_discount(owned + earned, real, inputs.risk_premium, risk_years)
        + risk_discount(flows["debt"] + flows["apart_debt"], real, inputs.credit_spread, risk_years)
    )


def later_gains(
    cash_flows: Sequence[CashFlows],
    within: Sequence[Amounts],
    inputs: Inputs,
    real: Float[np.ndarray, "draw region"],
    *,
    own_rates: Mapping[str, float],
    regions: Sequence[str],
) -> Gains:
    """Return what each later year is worth in the last year of the horizon, bn USD.

    By draw, year after the horizon and region: money received less paid, and what new capacity
    earns less what it costs, less the price of their risk. `real` is one plus the real rate.

    Args:
        cash_flows: Money of every pair.
        within: What each pair moves within the horizon.
        inputs: Values of everything uncertain.
        real: One plus the real rate of each region.
        own_rates: Real rate of each payer, a fraction.
        regions: Whose gains are wanted.
    """
    pairs = [(flow.later, moved) for flow, moved in zip(cash_flows, within, strict=True)]
    followed = [(flow, moved) for flow, moved in pairs if flow is not None]
    if not followed:
        return np.zeros((len(inputs), 0, len(regions)))
    years = max(flow.facilities[0].called.shape[1] for flow, _ in followed)
    gains = np.zeros((len(inputs), years, len(regions)))
    at = find_involved([flow for flow, _ in followed], regions)
    names, rates = [regions[place] for place in at], real[:, at]
    for flow, moved in followed if at else ():
        amounts = move_pair(flow, inputs, own_rates[flow.payer])
        shape = amounts.called.shape
        flows = receive([amounts], [flow], names, shape)
        ages = years_at_risk(np.concatenate([moved.called, amounts.called], axis=1))
        priced = price_risk(
            flows["capacity"], flows, rates, inputs, risk_years=ages[:, -shape[1] :]
        )  # fmt: skip
        received = flows["sent"] - flows["apart_out"] + flows["home"] + flows["apart_home"]
        made = flows["capacity"] - flows["cost"]
        factors = discount_factors(rates, np.arange(shape[1]) + 1.0)
        gains[:, : shape[1], at] += (received + made + priced) * factors
    return gains
