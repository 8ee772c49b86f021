"""The world economy solved again in plain numpy, from equations (1) to (8) of the method's page."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from accord.data.world import World

TOLERANCE = 1e-8
MEMORY = 8  # sweeps that a step of Anderson's method looks back on
SHORT_RUN = 0.3  # elasticity of buyers who keep their source, over that of the long run


@dataclass(frozen=True)
class State:
    """An equilibrium: log wages and log prices, spending, and what they are worth to a region."""

    unknowns: np.ndarray
    gain: np.ndarray


@dataclass(frozen=True)
class Shock:
    """Tariffs, and by region or sector money that moves, spending placed and productivity."""

    tariff: np.ndarray
    transfer: np.ndarray | float = 0.0
    placed: np.ndarray | float = 0.0
    productivity: np.ndarray | float = 1.0


class Referee:
    """A world in changes; money is bn USD a year."""

    def __init__(self, world: World, theta: np.ndarray) -> None:
        self.tariff, self.theta = world.tariff, theta
        beta, flows = world.value_added_share, world.flows
        self.beta, self.gamma = beta, world.input_share
        paid = flows * (1 + self.tariff)
        spending = paid.sum(axis=1)
        self.pi = paid / spending[:, None]
        self.sales = flows.sum(axis=0)
        self.va = (beta * self.sales).sum(axis=1)
        self.deficit = flows.sum(axis=(1, 2)) - self.sales.sum(axis=1)
        self.income = self.va + (flows * self.tariff).sum(axis=(1, 2)) + self.deficit
        final = spending - np.einsum("njk,nk->nj", self.gamma, self.sales)
        self.alpha = final / final.sum(axis=1, keepdims=True)
        self.start = np.concatenate([np.zeros(self.va.size + spending.size), spending.ravel()])

    def solve(self, shock: Shock, guess: State | None = None) -> State:
        """The equilibrium under a shock, from that of another one."""
        x = self.start if guess is None else guess.unknowns
        inputs: list[np.ndarray] = []
        outputs: list[np.ndarray] = []
        for _ in range(500):
            new, ev = self._sweep(x, shock)
            if self._gap(new, x) < TOLERANCE:
                return State(new, ev)
            inputs, outputs = [*inputs, x][-MEMORY:], [*outputs, new][-MEMORY:]
            x = self._mix(inputs, outputs)
        raise AssertionError("the referee found no equilibrium")

    def follow(
        self, tariffs: Sequence[np.ndarray], long_run: np.ndarray, speed: float
    ) -> list[np.ndarray]:
        """Gains of every year while a share of buyers chooses anew at the end of each, (13), (14).

        This world has the elasticities of buyers who keep their source, `long_run` the others.
        """
        gains: list[np.ndarray] = []
        now, last = copy(self), None
        for tariff in tariffs:
            last = now.solve(Shock(tariff), last)
            gains.append(last.gain)
            door = self._door(last.unknowns, Shock(tariff))
            price = (self.pi * door**-long_run).sum(axis=1) ** (-1 / long_run)
            chosen = self.pi * (door / price[:, None]) ** (self.theta - long_run)
            now.pi = (1 - speed) * now.pi + speed * chosen
        return gains

    def _door(self, x: np.ndarray, shock: Shock) -> np.ndarray:
        """The cost of a good at the door of its buyer, new over old, (1) and (2)."""
        regions, sectors = self.sales.shape
        wage = x[:regions]
        wage = wage - np.log((np.exp(wage) * self.va).sum() / self.va.sum())
        price = x[regions : regions + regions * sectors].reshape(regions, sectors)
        cost = wage[:, None] * self.beta + np.einsum("nkj,nk->nj", self.gamma, price)
        duty = (1 + shock.tariff) / (1 + self.tariff)
        return np.asarray(duty * (np.exp(cost) / shock.productivity)[None])

    def _gap(self, new: np.ndarray, old: np.ndarray) -> float:
        step = np.abs(new - old)
        logs = self.start.size - self.sales.size
        money = step[logs:] / np.maximum(self.start[logs:], 1e-3)
        return float(max(step[:logs].max(), money.max()))

    def _mix(self, inputs: list[np.ndarray], outputs: list[np.ndarray]) -> np.ndarray:
        """The combination of past sweeps that leaves the least of their gaps."""
        scale = np.where(np.arange(self.start.size) < self.start.size - self.sales.size, 1.0,
                         1 / np.maximum(self.start, 1.0))  # fmt: skip
        gaps = np.array([(new - old) * scale for old, new in zip(inputs, outputs, strict=True)])
        if len(gaps) == 1:
            return outputs[-1]
        rows = gaps[:-1] - gaps[-1]
        system = rows @ rows.T
        system += 1e-12 * np.trace(system) * np.eye(len(system))
        weight = np.linalg.solve(system, -rows @ gaps[-1])
        mixed = outputs[-1] + weight @ (np.array(outputs[:-1]) - outputs[-1])
        logs = self.start.size - self.sales.size
        bad = mixed[logs:].min() <= 0 or np.abs(mixed[:logs] - outputs[-1][:logs]).max() > 0.5
        return outputs[-1] if bad else mixed

    def _sweep(self, x: np.ndarray, shock: Shock) -> tuple[np.ndarray, np.ndarray]:
        """New values of everything from old ones, and the equivalent variation in money."""
        regions, sectors = self.sales.shape
        tariff, place = shock.tariff, np.broadcast_to(shock.placed, self.sales.shape)
        wage = x[:regions]
        wage = wage - np.log((np.exp(wage) * self.va).sum() / self.va.sum())
        spending = x[regions + regions * sectors :].reshape(regions, sectors)
        door = self._door(x, shock)
        weight = self.pi * door**-self.theta
        total = weight.sum(axis=1)
        price = -np.log(total) / self.theta
        share = weight / total[:, None]
        sales = np.einsum("nij,nj->ij", share / (1 + tariff), spending)
        duty = ((tariff / (1 + tariff) * share).sum(axis=1) * spending).sum(axis=1)
        bill = np.exp(wage) * self.va
        income = bill + duty + self.deficit + shock.transfer
        free = income - place.sum(axis=1)
        spending = np.einsum("njk,nk->nj", self.gamma, sales) + self.alpha * free[:, None] + place
        wage = wage + 0.3 * np.log((self.beta * sales).sum(axis=1) / bill)
        index = np.exp((self.alpha * price).sum(axis=1))
        gain = income / index - self.income
        return np.concatenate([wage, price.ravel(), spending.ravel()]), gain
