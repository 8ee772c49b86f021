"""The world of 2022 as flows and cost shares: what industries buy, and the rest of the world."""

from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float
from accord.data.build.readers import build_shares
from accord.data.build.wide.final_demand import FinalDemand
from accord.data.build.wide.table import Icio

Cube = Float[np.ndarray, "importer exporter industry"]
MOST_INPUTS = 0.98
"""Share of its output that an industry spends on inputs, at most."""
LEAST_REST = 0.1
"""Share of its output that the rest of the world keeps at home, at least."""
LEAST_FINAL = 1e-4
"""Share of spending that is final, at least, where a prior of it is needed."""
LEAST_FINAL_REST = 0.05


@dataclass(frozen=True, eq=False)
class WorldOf2022:
    """The world of 2022 on 81 regions, the last being the rest of the world.

    Attributes:
        flows: `[importer, exporter, industry]`, bn USD before duty.
        final: Final demand with duty, positive wherever something is bought, bn USD.
        beta: Value added, and taxes on inputs, over output.
        gamma: `[region, input, user]`, cost share of each input with duty.
        capped: Regions and industries whose inputs were cut to `MOST_INPUTS` of their output.
    """

    flows: Cube
    final: Float[np.ndarray, "region industry"]
    beta: Float[np.ndarray, "region industry"]
    gamma: Float[np.ndarray, "region input industry"]
    capped: tuple[tuple[int, int], ...]

    @property
    def value_added(self) -> Float[np.ndarray, " region"]:
        """Value added of every region, taxes on inputs included, bn USD."""
        return np.asarray((self.beta * self.flows.sum(axis=0)).sum(axis=1))


def build_structure(
    icio: Icio,
    estimate: FinalDemand,
    tariff: Cube,
    gdp: Float[np.ndarray, " region"],
    *,
    older: Float[np.ndarray, " economy"],
) -> WorldOf2022:
    """Return the world of 2022 (bn USD, fractions).

    Args:
        icio: The table of 2022.
        estimate: Final sales by origin and destination.
        tariff: Duty over customs value.
        gdp: GDP of 2022 by region.
        older: 1 for the economies that the older table has apart, else 0; the others lend the
            rest of the world their technology.
    """
    count, width = icio.rest.shape
    flows = np.zeros((count + 1, count + 1, width))
    flows[:count, :count] = icio.trade
    flows[:, :count] += estimate.final
    flows[:count, count] = estimate.from_rest
    beta, gamma, capped = _economies(icio, estimate, flows, tariff)
    like = 1.0 - older
    output = (like[:, None] * icio.output).sum(axis=0)
    weight = np.divide(
        like[:, None] * icio.output, output, out=np.zeros_like(icio.output), where=output > 0
    )
    rest_beta = (weight * beta).sum(axis=0)
    rest_gamma = np.einsum("nu,nku->ku", weight, gamma)
    rest_beta, rest_gamma = _complete(rest_beta[None], rest_gamma[None])
    beta, gamma = np.concatenate([beta, rest_beta]), np.concatenate([gamma, rest_gamma])
    value = (beta[:count] * icio.output).sum(axis=1)
    size = gdp[-1] * (like @ value) / (like @ gdp[:-1])
    made = output * size / (rest_beta[0] @ output)
    sold = flows[:count, count].sum(axis=0)
    flows[count, count] = np.maximum(made - sold, LEAST_REST * made)
    final = _final_prior(flows, tariff, gamma)
    return WorldOf2022(flows, final, beta, gamma, capped)


def _economies(
    icio: Icio, estimate: FinalDemand, flows: Cube, tariff: Cube
) -> tuple[np.ndarray, np.ndarray, tuple[tuple[int, int], ...]]:
    """Return value-added and input shares of the 80, and the cells that were cut."""
    count = len(icio.economies)
    bought = flows[:count]
    spent = (bought * (1.0 + tariff[:count])).sum(axis=1)
    customs = bought.sum(axis=1)
    duty = np.divide(spent, customs, out=np.ones_like(spent), where=customs > 0)
    used = icio.use.sum(axis=2)
    outside = estimate.from_rest * estimate.prior.intermediate
    more = np.divide(outside, used, out=np.zeros_like(used), where=used > 0)
    inputs = icio.use * ((1.0 + more) * duty)[:, :, None]
    share = np.divide(
        inputs, icio.output[:, None, :], out=np.zeros_like(inputs),
        where=icio.output[:, None, :] > 0,
    )  # fmt: skip
    total = share.sum(axis=1)
    capped = tuple((int(n), int(j)) for n, j in np.argwhere(total > MOST_INPUTS))
    beta = 1.0 - np.minimum(total, MOST_INPUTS)
    return *_complete(beta, share), capped


def _complete(beta: np.ndarray, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return shares that add to one; without inputs all is value added."""
    return build_shares(beta, inputs)


def _final_prior(flows: Cube, tariff: Cube, gamma: np.ndarray) -> np.ndarray:
    spending = (flows * (1.0 + tariff)).sum(axis=1)
    used = np.matmul(gamma, flows.sum(axis=0)[:, :, None])[:, :, 0]
    least = np.full((spending.shape[0], 1), LEAST_FINAL)
    least[-1] = LEAST_FINAL_REST
    return np.asarray(np.maximum(spending - used, least * spending))
