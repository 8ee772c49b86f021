"""The shipped case `us-korea-2025`, assessed once in a worker for every test that only reads it."""

from dataclasses import replace
from functools import cache

from accord.assessment.assess import assess
from accord.assessment.facade import Assessment
from accord.assessment.settings import AssessSettings
from accord.data.world import World
from accord.deal.deal import Deal
from accord.deal.load import load_deal

# Few draws and paths: enough for identities and pages, a tenth of the time and of the memory.
FEW = {"draws": 32, "paths": 200}
SETTINGS = AssessSettings(draws=FEW["draws"], paths=FEW["paths"])


@cache
def flagship() -> Assessment:
    """Return the assessment; the verdict is worked out when it is first asked for."""
    return assess(load_deal("us-korea-2025"), settings=SETTINGS)


def flagship_with(*packages: str, world: World | None = None) -> Deal:
    """Return the deal with some of its packages alone, for tests that solve it anew."""
    deal = load_deal("us-korea-2025", world)
    return replace(
        deal, packages=tuple(package for package in deal.packages if package.name in packages)
    )
