"""Connections that say nothing, or half of what they want, do not stay for good."""

import asyncio
import socket
import threading
from unittest.mock import MagicMock

import pytest
import uvicorn
from uvicorn.server import ServerState

from accord.web.security.connections import HEAD_SECONDS, TimedConnection

WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HALVES = [b"", b"GET / HT", WHOLE[:-2]]
LONG = 60.0  # seconds that a busy machine may take


class Hasty(TimedConnection):
    seconds = 0.1


async def answer(_scope, _receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


def configure(protocol):
    return uvicorn.Config(answer, http=protocol, port=0, log_level="warning", lifespan="off")


@pytest.fixture(scope="module")
def port():
    server = uvicorn.Server(configure(Hasty))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive()
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(30)


@pytest.mark.parametrize("said", HALVES)
def test_half_a_request_is_not_waited_for(port, said):
    with socket.create_connection(("127.0.0.1", port), timeout=LONG) as connection:
        connection.sendall(said)
        assert connection.recv(1000) == b""


class Clock:
    """A loop that starts no task and remembers what is to be called later."""

    def __init__(self):
        self.later = []

    def call_later(self, seconds, call, *_):
        handle = MagicMock(seconds=seconds, call=call, cancelled=False)
        handle.cancel.side_effect = lambda: setattr(handle, "cancelled", True)
        self.later.append(handle)
        return handle

    def create_task(self, work, **_):
        work.close()
        return MagicMock()

    @property
    def waiting(self):
        return [handle for handle in self.later if not handle.cancelled]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def connection(clock):
    config = configure(TimedConnection)
    config.load()
    made = TimedConnection(config, ServerState(), {}, clock)
    transport = MagicMock(spec=asyncio.Transport)
    transport.is_closing.return_value = False
    transport.get_extra_info.return_value = None
    made.connection_made(transport)
    return made


@pytest.mark.parametrize("said", HALVES)
def test_more_of_a_head_gives_it_no_more_time(connection, clock, said):
    (first,) = clock.waiting
    assert first.seconds == HEAD_SECONDS
    for at in range(len(said)):
        connection.data_received(said[at : at + 1])
    assert clock.waiting == [first]
    first.call()
    connection.transport.close.assert_called_once()


def test_an_answer_may_take_longer_and_the_next_request_has_its_own_time(connection, clock):
    connection.data_received(WHOLE)
    assert clock.waiting == []
    connection.cycle.response_complete = True
    connection.conn = type(connection.conn)(connection.conn.our_role)
    connection.data_received(WHOLE[:10])
    (second,) = clock.waiting
    assert second is not clock.later[0]
    connection.data_received(WHOLE[10:])
    assert clock.waiting == []
    second.call()
    connection.transport.close.assert_not_called()


def test_a_connection_that_is_lost_is_forgotten(connection, clock):
    connection.connection_lost(None)
    assert clock.waiting == []
