# %% [markdown]
# # Costs of autarky under four market structures
#
# [Arkolakis, Costinot and Rodríguez-Clare (2012)](https://doi.org/10.1257/aer.102.1.94) show that
# one statistic gives what trade is worth: the share of home goods, to the power of one over the
# trade elasticity. With several sectors and free entry, scale counts as well
# ([Costinot and Rodríguez-Clare 2014](https://doi.org/10.1016/B978-0-444-54314-1.00004-5), section
# 5; [Lashkaripour and Lugovskyy 2023](https://doi.org/10.1257/aer.20210419)): a country that gives
# up trade moves workers into sectors where it made little. Where exporters pay fixed costs in the
# market (Melitz), its size counts besides. The world is made up; put your own flows in its place.

# %%
import numpy as np

import accord as ac

flows = np.array(
    [[[60, 20], [10, 15], [5, 10]], [[8, 9], [80, 60], [9, 6]], [[6, 8], [12, 9], [40, 55]]]
).astype(float)
theta = np.array([4.0, 6.0])
entry = ac.TradeConfig(competition="monopolistic", scale_of="bundles")
settings = {
    "perfect competition": (np.zeros(2), None, ac.TradeConfig()),
    "free entry, half strength": (0.5 / theta, None, entry),
    "free entry, Krugman": (1.0 / theta, None, entry),
    "free entry, Melitz": (1.0 / theta, 1 + 0.7 * theta, entry),
}

# %% [markdown]
# Autarky is a trade cost that nobody pays, with deficits closed. The closed form is
# $\prod_j (\pi_{jj}^{1/\theta_j} \hat L_j^{\mu_j})^{\alpha_j}$, times the part of income that is
# earned, with $\hat L_j = \alpha_j \mathit{VA} / Y_j$. With fixed costs in markets there is
# $\hat X_j^{\psi_j / \theta_j}$ in the bracket as well.

# %%
apart = np.where(np.eye(3)[:, :, None] > 0, 1.0, 1e5) * np.ones(flows.shape)
shock = ac.TradeShock(trade_cost=apart, deficit=np.zeros(3))
print("what autarky costs, per cent of income         region 1   region 2   region 3")
for name, (mu, sigma, config) in settings.items():
    model = ac.TradeModel.from_arrays(
        flows=flows, tariff=np.zeros_like(flows), value_added_share=np.ones((3, 2)),
        input_share=np.zeros((3, 2, 2)), elasticity=theta, scale_elasticity=mu,
        substitution=sigma,
    )  # fmt: skip
    solved = ac.solve_trade(model, shock, config=config).value.welfare
    home = np.einsum("nnj->nj", model.trade_share)
    staff = model.final_share * model.value_added[:, None] / model.sales
    earned = model.value_added / model.income
    size = earned[:, None] ** (0.0 if sigma is None else 1 / (sigma - 1) - 1 / theta)
    real = np.prod((home ** (1 / theta) * staff**mu * size) ** model.final_share, axis=1)
    formula = real * earned - 1
    assert np.allclose(solved, formula, atol=1e-8)
    print(f"{name:28s} equilibrium   ", *(f"{-100 * value:10.4f}" for value in solved))
    print(f"{'':28s} closed form   ", *(f"{-100 * value:10.4f}" for value in formula))
