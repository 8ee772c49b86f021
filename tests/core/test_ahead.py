"""Things made ahead by threads are those that would be made when asked."""

import sys
import threading
import time

import pytest

from accord.core.numerics import ahead as module
from accord.core.numerics.ahead import Ahead
from accord.web.turns import take_turns


def test_what_is_announced_is_made_by_other_threads_and_once():
    made: list[tuple[int, int]] = []

    def square(number: int) -> int:
        made.append((number, threading.get_ident()))
        return number**2

    ahead = Ahead(square, threads=2)
    ahead.announce((number, number) for number in range(20))
    assert [ahead.take(number, number) for number in range(20)] == [n**2 for n in range(20)]
    assert sorted(number for number, _ in made) == list(range(20))
    assert threading.get_ident() not in {thread for _, thread in made}
    assert ahead.take(3, 3) == 9, "what was taken is made anew"
    assert made[-1][1] == threading.get_ident()


def test_only_a_few_things_are_ready_at_a_time():
    made: list[int] = []
    ahead = Ahead(made.append, threads=2)
    ahead.announce((number, number) for number in range(50))
    time.sleep(0.05)
    assert len(made) <= 4


def test_a_new_announcement_drops_the_one_before():
    ahead = Ahead(str, threads=1)
    ahead.announce((number, number) for number in range(9))
    ahead.announce([("other", 7)])
    assert ahead.take("other", 7) == "7"
    assert ahead.take(8, 8) == "8"


def test_an_error_is_raised_where_the_thing_is_asked_for():
    def refuse(number: int) -> int:
        raise ValueError(f"not {number}")

    ahead = Ahead(refuse, threads=1)
    ahead.announce([(1, 1)])
    with pytest.raises(ValueError, match="not 1"):
        ahead.take(1, 1)


def test_a_server_leaves_processors_to_those_who_ask(monkeypatch):
    monkeypatch.setattr(module, "_threads", 3)
    interval = sys.getswitchinterval()
    try:
        take_turns()
        assert module.thread_count() == 1
        assert Ahead(str)._threads == 1
    finally:
        sys.setswitchinterval(interval)
