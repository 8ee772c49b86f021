"""Budgets that a tax on labour pays for: what is taken in at a state, and the rate it calls for."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Float

from accord.core.jax_arrays import Array
from accord.trade.iteration.kernel import cash_before_revenue, log_consumer_price, sweep
from accord.trade.iteration.state import Kernel, State, earned, outlay, split


class Account(NamedTuple):
    """Money of a state by region, world value added being one, and the change of prices.

    `revenue` is that of tariffs and taxes, that on labour apart, `tax` the old rate on wages.
    """

    revenue: Float[Array, " region"]
    wages: Float[Array, " region"]
    price: Float[Array, " region"]
    tax: Float[Array, " region"]

    @property
    def paid(self) -> Float[Array, " region"]:
        """What taxes pay for, that on labour at its old rate, at consumer prices of before."""
        return (self.revenue + self.tax * self.wages) / self.price

    def rate(self, budget: Float[Array, " region"]) -> Float[Array, " region"]:
        """Return the tax on wages (20) that a budget at consumer prices of before calls for."""
        return (self.price * budget - self.revenue) / self.wages


@jax.jit
def draw_account(kernel: Kernel, state: State) -> Account:
    """Return the account of a state at which markets clear."""
    base = kernel.base
    _, log_P, Y, V = split(kernel, state)
    wages = (base.beta * outlay(base, Y, V)).sum(axis=1)
    cash = cash_before_revenue(kernel, earned(base, wages, V))
    tax = jnp.zeros_like(wages) if base.kept is None else 1 - base.kept / base.VA
    revenue = sweep(kernel, state, repeats=1).income - cash
    return Account(revenue, wages, jnp.exp(log_consumer_price(kernel, log_P)), tax)


def count_strayed(kernel: Kernel, state: State, start: State | None, kappa: float) -> int:
    """Return how many regions' rates on wages have gone over the one that takes most, to a state.

    Beyond it, at `1 / (1 + kappa)`, a rate pays for a budget that a lower one pays for as well. The
    rates before are those of the start, or of the baseline where the start is the baseline.
    """
    if kernel.budget is None:
        return 0
    account, before = draw_account(kernel, state), None
    if start is not None and bool(jnp.any(start[: account.tax.size])):
        before = draw_account(kernel, start).rate(kernel.budget)
    peak, old = 1 / (1 + kappa), account.tax if before is None else before
    return int(jnp.sum((account.rate(kernel.budget) > peak) & (old <= peak)))
