# %% [markdown]
# # Ossa (2014): optimal tariffs of firms that earn profits and of governments that are lobbied
#
# [Ossa (2014)](https://doi.org/10.1257/aer.104.12.4104) lets governments choose tariffs for three
# reasons: the terms of trade, profits that are shifted to firms at home, and lobbies. The number of
# firms is fixed, labour is the only input, and trade is balanced first. The world below is made up,
# in the shape of the paper's; put its flows, tariffs and elasticities in their place.

# %%
import numpy as np

import accord as ac
from accord.trade.strategy.instruments import Party
from accord.trade.strategy.politics import PoliticalWeights

REGIONS, SECTORS = ["north", "east", "south"], ["grain", "steel", "cloth", "machines"]
rng = np.random.default_rng(2014)
flows = np.exp(rng.normal(2.0, 0.6, (3, 3, 4)))
flows[np.arange(3), np.arange(3)] *= 8
tariff = rng.uniform(0.0, 0.15, flows.shape)
tariff[np.arange(3), np.arange(3)] = 0.0
theta = np.array([6.0, 2.5, 3.0, 1.9])  # elasticities of substitution, less one
model = ac.TradeModel.from_arrays(
    flows=flows, tariff=tariff, value_added_share=np.ones((3, 4)),
    input_share=np.zeros((3, 4, 4)), elasticity=theta, scale_elasticity=1 / theta,
    labels=(REGIONS, SECTORS),
)  # fmt: skip
config = ac.TradeConfig("balanced", "fixed_entry")

# %% [markdown]
# Weights of sectors have a mean of one in each country. They fall on what a sector earns: wages and
# profits, and a part of tariff revenue by its share in employment.

# %%
weights = dict(zip(SECTORS, (1.2, 1.1, 0.9, 0.8), strict=True))
lobbied = PoliticalWeights(weights, revenue_to="sectors")
print("optimal tariffs, per cent         ", *(f"{name:>9s}" for name in SECTORS), "  own  others")
for weights, what in ((PoliticalWeights(), "welfare"), (lobbied, "with lobbies")):
    for name in REGIONS:
        best = ac.best_response(model, Party(name, (name,), weights), config=config)
        rates, gain = 100 * best.value.average_tariff[0], 100 * best.value.welfare
        own = REGIONS.index(name)
        others = np.delete(gain, own).mean()
        assert best.status.ok
        assert best.value.objective[0] > 0 > others
        print(f"{what:22s} {name:12s}", *(f"{rate:9.1f}" for rate in rates), end=" ")
        print(f"{gain[own]:6.2f} {others:6.2f}")

# %% [markdown]
# A war of all, and the tariffs that they would agree on from there (equal weights in the bargain).

# %%
war = ac.nash_tariffs(model, REGIONS, config=config)
deal = ac.cooperative_tariffs(model, REGIONS, disagreement=war, config=config)
assert (deal.value.party_gain > war.value.party_gain).all()
for solution, what in ((war, "war"), (deal, "agreement")):
    print(f"{what:10s} welfare by region, per cent ", (100 * solution.value.welfare).round(2))
