# %% [markdown]
# # Caliendo and Parro (2015), table 2: welfare effects of NAFTA's tariff cuts
#
# Tariffs between the United States, Mexico and Canada go from their levels of 1993 to those of
# 2005; all others stay. Trade is balanced first. The arrays are the authors', in the
# [Review of Economic Studies 82(1)](https://doi.org/10.1093/restud/rdu035), rounded to single
# precision; they stand among the tests of this repository. Where they are not at hand, the
# journal's page has the authors' files.

# %%
from pathlib import Path

import numpy as np

import accord as ac
from accord.trade.welfare.decomposition import first_order_welfare

PLACES = [Path(), *Path.cwd().parents, *Path(ac.__file__).resolve().parents]
INSIDE = "tests/published/data/caliendo_parro_1993.npz"
raw = np.load(next(place / INSIDE for place in PLACES if (place / INSIDE).exists()))

# %% [markdown]
# Inputs exceed all spending in some cells of the published tables. `clip="zero"` cuts them, as the
# authors do, and the model says how many there are.

# %%
beta = raw["value_added_share"].astype(float)
mix = raw["input_mix"].astype(float)
model = ac.TradeModel.from_arrays(
    flows=raw["flows"].astype(float),
    tariff=raw["tariff"].astype(float),
    value_added_share=beta,
    input_share=mix / mix.sum(axis=1, keepdims=True) * (1 - beta)[:, None, :],
    elasticity=raw["elasticity"].astype(float),
    clip="zero",
)
print(model)

# %%
MEX, CAN, USA = members = (19, 4, 29)
tariff = model.tariff.copy()
inside = np.ix_(members, members)
tariff[inside] = raw["tariff_2005"][inside]
solution = ac.solve_trade(model.balanced, ac.TradeShock(tariff=tariff))

# %% [markdown]
# The paper prints its first-order formula. The last column is the exact equivalent variation of
# the same equilibrium: for Mexico the formula is far from it (see [Trade](../theory/trade.md)).

# %%
PRINTED = {"MEX": (-0.41, 1.72, 1.31), "CAN": (-0.11, 0.04, -0.06), "USA": (0.04, 0.04, 0.08)}
formula = first_order_welfare(solution)
print("        terms of trade   volume of trade   welfare: printed, here, exact (per cent)")
for (name, paper), at in zip(PRINTED.items(), members, strict=True):
    parts = (formula.terms_of_trade, formula.volume_of_trade, formula.total)
    ours = [100 * float(part[at]) for part in parts]
    print(f"{name}   {paper[0]:6.2f} {ours[0]:6.2f}   {paper[1]:6.2f} {ours[1]:6.2f}   ", end="")
    print(f"{paper[2]:6.2f} {ours[2]:6.2f} {100 * solution.value.welfare[at]:7.3f}")
    assert np.allclose(ours, paper, atol=0.005)
