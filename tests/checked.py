"""The type checker of the tests: beartype, with whole numbers allowed where a float is asked."""

from beartype import BeartypeConf, beartype

check_types = beartype(conf=BeartypeConf(is_pep484_tower=True))
