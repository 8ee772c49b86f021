"""Panels that are made up, with known elasticities and coefficients of distance."""

import numpy as np
import pandas as pd

THETA = {"food": 3.0, "motor_vehicles": 6.0}
DISTANCE = -0.7


def make_panel(*, noise=True, regions=8, years=3, level=4.0, seed=4):
    """Return a panel at customs value with known elasticities, and coefficients of distance."""
    random = np.random.default_rng(seed)
    rows = []
    distance = random.uniform(0, 2, (regions, regions))
    for sector, theta in THETA.items():
        size = random.normal(0, 0.5, (2, regions, years))
        for at in np.ndindex(years, regions, regions):
            year, n, i = at
            tariff = float(random.uniform(0, 0.4))
            log = level + size[0, n, year] + size[1, i, year] + DISTANCE * distance[n, i]
            mean = np.exp(log - (1 + theta) * np.log1p(tariff))
            value = float(random.poisson(mean)) if noise else float(mean)
            rows.append((f"R{n}", f"R{i}", 2000 + year, sector, value, tariff, distance[n, i]))
    names = ["importer", "exporter", "year", "sector", "value", "tariff", "log_distance"]
    return pd.DataFrame(rows, columns=names)


def repeat_panel(panel, copies):
    """Return a panel with as many sets of countries that all do the same.

    The estimate is the same, and its errors fall with the root of the number.
    """
    return pd.concat([
        panel.assign(importer=panel["importer"] + f"_{at}", exporter=panel["exporter"] + f"_{at}")
        for at in range(copies)
    ])  # fmt: skip
