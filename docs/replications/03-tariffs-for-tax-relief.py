# %% [markdown]
# # Tariffs in place of a tax on labour
#
# A government puts one tariff on everything it imports and lowers the tax on labour by what the
# tariff brings, as in Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), who study the
# American tariffs of that year. Work answers to what it buys after tax
# ([the method](../theory/trade.md#taxes-and-subsidies-other-than-tariffs)). The world is made up;
# put your own flows and tax rates in its place.

# %%
import numpy as np

import accord as ac

flows = np.array(
    [
        [[900, 700], [60, 20], [40, 15]],
        [[45, 30], [800, 600], [30, 10]],
        [[30, 25], [35, 10], [500, 400]],
    ]
).astype(float)
model = ac.TradeModel.from_arrays(
    flows=flows, tariff=np.zeros_like(flows), elasticity=[4.0, 6.0],
    value_added_share=np.full((3, 2), 0.5), input_share=np.full((3, 2, 2), 0.25),
    labour_tax=[0.28, 0.40, 0.35], labels=(["home", "partner", "other"], ["goods", "services"]),
)  # fmt: skip

# %% [markdown]
# Three uses of the revenue. With fixed labour a tax on it does no harm, so its relief does no good.
# With elastic labour (elasticity 0.5) it does, but the tariff makes goods dearer for who works.

# %%
rates = np.array([0.0, 0.05, 0.10, 0.15, 0.20, 0.30, 0.50])
uses = {
    "labour fixed": ac.TradeConfig(),
    "paid out": ac.TradeConfig(labour_elasticity=0.5),
    "labour tax cut": ac.TradeConfig(labour_elasticity=0.5, revenue_use="labour_tax"),
}
table = {}
print("what a tariff of home on everything is worth to it, per cent of income")
print(f"{'tariff':16s}", *(f"{100 * rate:8.0f} %" for rate in rates))
for name, config in uses.items():
    solved = []
    for rate in rates:
        tariff = np.array(model.tariff)
        tariff[0, 1:] = rate
        solved.append(ac.solve_trade(model, ac.TradeShock(tariff=tariff), config=config).value)
    table[name] = np.array([value.welfare[0] for value in solved])
    print(f"{name:16s}", *(f"{100 * welfare:10.3f}" for welfare in table[name]))
print(f"{'tax on labour':16s}", *(f"{100 * value.labour_tax[0]:10.2f}" for value in solved))
print(f"{'employment':16s}", *(f"{100 * (value.labour_change[0] - 1):10.3f}" for value in solved))

# %% [markdown]
# The rate on wages is the one that keeps the budget, at consumer prices, as it was.

# %%
for value in solved:
    wages = value.wage_change * value.labour_change * model.value_added
    budget = value.consumer_price_change * model.labour_tax * model.value_added
    taken = value.labour_tax * wages + value.tariff_revenue
    assert np.allclose(taken, budget, rtol=1e-8)
assert np.allclose([worth[0] for worth in table.values()], 0, atol=1e-9)
assert (table["labour tax cut"] > table["paid out"])[1:].all()
