# %% [markdown]
# # A first assessment
#
# What does the deal between the United States and South Korea of November 2025 do to each of
# them? This page goes from the deal to an answer, and then asks a question of its own.

# %%
import accord as ac

deal = ac.load_deal("us-korea-2025")
print(deal.title)
for name in deal.package_names:
    print(f"  {name:15s} {deal.package(name).title}")

# %% [markdown]
# A deal has *packages*: what was on the table. One of them is always there, `no_deal`: what happens
# if the talks fail. Each package is a list of *clauses*, and each clause cites its source.

# %%
for clause in deal.package("signed").clause:
    print(clause.kind, "|", clause.title or clause.note, "|", ", ".join(clause.source_ids))

# %% [markdown]
# ## The world it happens in
#
# Accord comes with a world of 81 regions and 50 industries. A world knows whether its accounts add
# up. A deal is priced in a view of it, which merges what the deal does not touch.

# %%
world = ac.load_world()
print(world.name, len(world.regions), "regions", len(world.sectors), "sectors")
assert all(check.ok for check in world.checks())

# %% [markdown]
# `world.flows` has the axes importer, exporter, sector. What did the United States buy from Korea?

# %%
usa, korea = world.region_index("USA"), world.region_index("KOR")
bought = dict(zip(world.sectors, world.flows[usa, korea], strict=True))
for sector, value in sorted(bought.items(), key=lambda item: -item[1])[:5]:
    print(f"{world.sector_names[sector]:30s} {value:6.1f} bn USD")

# %% [markdown]
# ## The assessment
#
# One call solves every package, against no deal and against the baseline, and again under the
# alternative sets of trade elasticities, which give the ranges.

# %%
result = ac.assess(deal)
print(result.summary())

# %% [markdown]
# Everything in it is a table. `ev` is the equivalent variation in billions of dollars a year: what
# income, at the prices of the situation compared with, would make a country as well off as the
# package does. `low` and `high` are its range over the alternative elasticities.

# %%
welfare = result.to_frame("welfare")
parties = welfare[welfare["region"].isin(deal.parties) & (welfare["against"] == "no_deal")]
print(parties[["package", "region", "ev", "low", "high"]].round(1).to_string(index=False))

# %% [markdown]
# Who else feels it? The countries that compete with Korea in the American market.

# %%
signed = welfare[(welfare["package"] == "signed") & (welfare["against"] == "no_deal")]
others = signed[~signed["region"].isin(deal.parties)].set_index("region")["ev"]
print(others.reindex(others.abs().sort_values(ascending=False).index).head(5).round(2))

# %% [markdown]
# ## A question of our own
#
# The engine below the deal takes arrays, so any question about tariffs can be put to it. What if
# the United States charged 15 points on every Korean product, and nothing else changed?

# %%
model = ac.TradeModel.from_arrays(
    flows=world.flows,
    tariff=world.tariff,
    value_added_share=world.value_added_share,
    input_share=world.input_share,
    elasticity=world.elasticity,
    labels=(world.regions, world.sectors),
)
tariff = world.tariff.copy()
goods = [j for j, sector in enumerate(world.sectors) if sector in world.goods]
tariff[usa, korea, goods] += 0.15
solution = ac.solve_trade(model, ac.TradeShock(tariff=tariff))

cars = world.sector_index("motor_vehicles")
before, after = model.flows[usa, korea, cars], solution.value.flows[usa, korea, cars]
print(f"Korea's welfare: {solution.value.welfare[korea]:+.2%}")
print(f"its car exports to the United States: {after / before - 1:+.0%}")

# %% [markdown]
# A solution says how it ended and how well every equation holds.

# %%
assert solution.status.ok
assert all(residual < 1e-9 for residual in solution.residuals.values())
print(solution.stats)

# %% [markdown]
# ## The briefing
#
# The same assessment as one page that needs nothing but a browser, and its picture alone.

# %%
briefing = ac.brief(result)
briefing.save("us-korea-2025.html")
briefing.save("us-korea-2025.png")

# %% [markdown]
# The inner cloud of each package holds half of the simulated futures, the outer one nine in ten.
#
# ![What each package leaves to South Korea and to the United States](../images/verdict.png)
