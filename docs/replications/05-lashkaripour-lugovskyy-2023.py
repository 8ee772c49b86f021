# %% [markdown]
# # Lashkaripour and Lugovskyy (2023): what policies gain, with few firms and with free entry
#
# [Lashkaripour and Lugovskyy (2023)](https://doi.org/10.1257/aer.20210419) ask what a country gains
# from its best policy when all instruments are at hand, when only taxes on trade are, and when only
# tariffs are. Each is solved with a fixed number of firms, which earn profits, and with free entry,
# where sectors have economies of scale: six columns, as in their table 4. The world is made up, in
# the shape of the paper's; put its flows, elasticities and tariffs in their place.

# %%
import numpy as np

import accord as ac

REGIONS, SECTORS = ["north", "east", "south"], ["grain", "steel", "cloth", "machines"]
rng = np.random.default_rng(2023)
flows = np.exp(rng.normal(2.0, 0.5, (3, 3, 4)))
flows[np.arange(3), np.arange(3)] *= 8
theta = np.array([6.0, 4.0, 3.5, 3.0])
mu = np.array([0.08, 0.14, 0.17, 0.22])  # markup with few firms, scale elasticity with free entry

# %% [markdown]
# Labour and inputs share costs. With a fixed number of firms, profits come on top: the share
# $m = \mu / (1 + \mu)$ of sales is part of value added, and costs are the rest.

# %%
labour = rng.uniform(0.5, 0.7, (3, 4))
inputs = rng.dirichlet(np.ones(4), (3, 4)).transpose(0, 2, 1) * (1 - labour)[:, None, :]
m = mu / (1 + mu)
costs = {
    "fixed_entry": (labour * (1 - m) + m, inputs * (1 - m)),
    "monopolistic": (labour, inputs),
}
policies = {
    "all instruments": ["tariff", "export_tax", "production_tax"],
    "taxes on trade": ["tariff", "export_tax"],
    "tariffs": ["tariff"],
}
table = np.zeros((3, 6))
for c, (entry, (value_added, bought)) in enumerate(costs.items()):
    model = ac.TradeModel.from_arrays(
        flows=flows, tariff=np.full_like(flows, 0.05) * (1 - np.eye(3)[:, :, None]),
        value_added_share=value_added, input_share=bought, elasticity=theta, scale_elasticity=mu,
        labels=(REGIONS, SECTORS),
    )  # fmt: skip
    for n, region in enumerate(REGIONS):
        for p, instruments in enumerate(policies.values()):
            best = ac.best_response(
                model, region, config=ac.TradeConfig("balanced", entry),
                options={"instruments": instruments, "tolerance": 1e-4},
            )  # fmt: skip
            assert best.status.ok, (region, entry, instruments, best)
            table[n, 3 * c + p] = 100 * best.value.welfare[n]

# %%
assert (np.diff(table.reshape(3, 2, 3), axis=2) < 1e-3).all()  # fewer instruments, less to gain
print("gain of the country, per cent       fixed number of firms             free entry")
print(" " * 14, *(f"{name:>16s}" for name in [*policies, *policies]))
for region, row in zip(REGIONS, table, strict=True):
    print(f"{region:14s}", *(f"{value:16.3f}" for value in row))
