"""Public holidays: those of the package that keeps them, read one country at a time."""

import holidays
import pytest
from holidays.registry import EntityLoader

from accord.deal.business_days import find_holidays

YEARS = range(2024, 2029)


@pytest.mark.parametrize("country", sorted(set(EntityLoader.get_country_codes())))
def test_holidays_of_a_country_are_those_that_the_package_gives(country):
    assert find_holidays(country, YEARS) == set(holidays.country_holidays(country, years=YEARS))
