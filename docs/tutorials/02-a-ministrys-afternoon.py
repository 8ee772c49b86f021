# %% [markdown]
# # A ministry's afternoon
#
# A ministry has its own table, its own customs schedule and a draft agreement. None of the three
# comes with Accord. This page goes from the files to a briefing, by commands alone. Countries and
# figures are made up.
#
# Kesh and Ondar trade with each other and with the rest of the world. Ondar offers Kesh free
# access for textiles. Kesh would open a quota for flour and phase out its duty on cars.

# %%
import subprocess
import sys
from pathlib import Path

ACCORD = Path(sys.executable).with_name("accord")


def accord(words: str) -> None:
    """Run a command as one would type it, and show what it prints."""
    print("$ accord " + words)
    command = [str(ACCORD), *words.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    print(done.stdout + done.stderr)
    assert done.returncode == 0


# %% [markdown]
# ## The table
#
# The statistical office exports a line a flow: who buys what from whom, and for which use.
# Million dollars.

# %%
OUTPUT = {  # home sales of crops, food, textiles, cars, services
    "KSH": (9_000, 12_000, 6_000, 1_500, 60_000),
    "OND": (14_000, 16_000, 3_000, 9_000, 90_000),
    "REST": (900_000, 1_500_000, 700_000, 1_400_000, 40_000_000),
}
EXPORTS = {  # of one country to each of the others
    ("KSH", "OND"): (300, 250, 900, 10, 400),
    ("OND", "KSH"): (150, 700, 80, 650, 500),
    ("KSH", "REST"): (1_200, 300, 2_500, 20, 1_500),
    ("OND", "REST"): (900, 1_100, 200, 2_400, 2_000),
    ("REST", "KSH"): (800, 900, 700, 1_300, 2_600),
    ("REST", "OND"): (1_000, 800, 1_900, 1_500, 3_000),
}
SECTORS = ("A01", "C10T12", "C13T15", "C29", "S")

rows = ["importer,exporter,sector,use,value"]
for (seller, buyer), values in {**{(n, n): v for n, v in OUTPUT.items()}, **EXPORTS}.items():
    for sector, value in zip(SECTORS, values, strict=True):
        for user, size in zip(SECTORS, OUTPUT[buyer], strict=True):  # 30 %, by their sizes
            bought = 0.30 * value * size / sum(OUTPUT[buyer])
            rows.append(f"{buyer},{seller},{sector},{user},{bought}")
        rows.append(f"{buyer},{seller},{sector},final,{0.70 * value}")
Path("flows.csv").write_text("\n".join(rows), encoding="utf-8")
Path("map.toml").write_text(
    """
name = "kesh-and-ondar"

[regions]
KSH = ["KSH"]
OND = ["OND"]
REST = "*"

[sectors]
crops = ["A01"]
food = ["C10T12"]
textiles = ["C13T15"]
cars = ["C29"]
services = ["S"]

[region_names]
KSH = "Kesh"
OND = "Ondar"
REST = "Rest of the world"
""",
    encoding="utf-8",
)

# %% [markdown]
# One command makes a world of it. It tells what it moved, and checks the accounts.

# %%
accord("data read long flows.csv --map map.toml --year 2024 --output table.npz")

# %% [markdown]
# ## The schedules
#
# Customs has the tariff lines of both countries, and imports by exporter and code. Flour pays by
# weight; yarn and garments have separate lines; Ondar already has a small preference for garments
# from Kesh, which six in ten exporters claim. Partners are told by their own names, and the
# mapping puts those it does not name in the rest.

# %%
Path("ondar.csv").write_text(
    """hs,exporter,rate,specific,specific_unit,use
5205,,0.05,,,
6109,,0.30,,,
6203,,0.25,,,
6109,KSH,0.20,,,0.6
1001,,0.10,,,
1101,,,60,t,
8703,,0.20,,,
""",
    encoding="utf-8",
)
Path("ondar-imports.csv").write_text(
    """exporter,hs,value,quantity,quantity_unit
KSH,520512,200,,
KSH,610910,450,,
KSH,620342,250,,
KSH,100199,300,,
Marland,520512,900,,
Marland,610910,600,,
Marland,620342,400,,
Marland,100199,1000,,
Marland,110100,800,1900000,t
Marland,870323,1500,,
KSH,110100,250,700000,t
""",
    encoding="utf-8",
)
Path("kesh.csv").write_text(
    """hs,exporter,rate,specific,specific_unit
1001,,0.05,,
110100,,,0.09,kg
210690,,0.15,,
6109,,0.20,,
870323,,0.35,,
870380,,0.10,,
""",
    encoding="utf-8",
)
Path("kesh-imports.csv").write_text(
    """exporter,hs,value,quantity,quantity_unit
OND,100199,150,,
OND,110100,500,1500000,t
OND,210690,200,,
OND,610910,80,,
OND,870323,600,,
OND,870380,50,,
Marland,110100,700,1700000,t
Marland,210690,200,,
Marland,610910,700,,
Marland,870323,900,,
Marland,870380,400,,
Marland,100199,800,,
""",
    encoding="utf-8",
)

# %% [markdown]
# Lines become tariffs of the world, first Ondar's and then Kesh's. Beside the mean stand two
# rates that a sector can have without the bias of a mean, and the spread of rates in it.

# %%
accord(
    "data tariffs ondar.csv --imports ondar-imports.csv --unit MUSD --importer OND "
    "--world table.npz --map map.toml --output ondar.npz"
)
accord(
    "data tariffs kesh.csv --imports kesh-imports.csv --unit MUSD --importer KSH "
    "--world ondar.npz --map map.toml --output world.npz"
)

# %% [markdown]
# ## The draft agreement
#
# The world now knows the imports of Kesh by HS code, so that the draft can name them.

# %%
Path("deal.toml").write_text(
    """
schema = 1
name = "kesh-ondar"
title = "Draft agreement between Kesh and Ondar"
parties = ["KSH", "OND"]
price_year = 2024

[assessment]
evaluate_on = 2027-06-01

[no_deal]

[[package]]
name = "draft"
title = "Textiles for flour and cars"

[[package.clause]]
kind = "tariff"
title = "Ondar: textiles of Kesh free of duty"
importer = "OND"
exporters = ["KSH"]
products = ["textiles"]
rate = 0.0
rule = "level"
basis = "FTA"
from = 2027-01-01

[[package.clause]]
kind = "tariff"
title = "Kesh: a quota of flour from Ondar"
importer = "KSH"
exporters = ["OND"]
products = ["110100"]
rate = 0.25
rule = "level"
basis = "FTA"
from = 2027-01-01
quota = { amount = 400e6, in_quota_rate = 0.0 }

[[package.clause]]
kind = "tariff"
title = "Kesh: cars of Ondar in three steps"
importer = "KSH"
exporters = ["OND"]
products = ["870323"]
rate = 0.25
rule = "level"
basis = "FTA"
from = 2027-01-01
steps = [{ from = 2028-01-01, rate = 0.12 }, { from = 2029-01-01, rate = 0.0 }]
""",
    encoding="utf-8",
)
accord("check deal.toml --world world.npz")
accord("tariffs deal.toml --world world.npz")

# %% [markdown]
# ## The answer
#
# What does the draft do to each of them? The verdict has intervals: it draws elasticities and
# what else is not known. The answer is kept in a file.

# %%
accord("assess deal.toml --world world.npz --draws 50 --paths 100 --save answer.accord")

# %% [markdown]
# And the briefing, for those who were not in the room: the page with its summary, and its picture
# alone. Both come of the saved answer, so nothing is solved again.

# %%
accord("brief answer.accord --output briefing.html")
accord("brief answer.accord --output picture.png")
page = Path("briefing.html").read_text(encoding="utf-8")
assert "Kesh" in page
assert "Ondar" in page
print(f"briefing.html: {len(page) / 1e3:.0f} kB")

# %% [markdown]
# ![What the draft leaves to Kesh and to Ondar](../images/ministry.png)
