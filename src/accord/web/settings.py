"""How a server is set up: where it listens, whom it answers, what it keeps."""

import ipaddress
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from accord.core.errors import InputError, Problem
from accord.library.enquiries import KEEP_DAYS, find_days_problems

VARIABLE = "ACCORD_WEB_SETTINGS"  # how the workers of one server are told
SHORTEST_TOKEN = 16
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class ServerSettings:
    """How a server is set up.

    Attributes:
        library: Folder of the database and of what was published.
        host: Address that the server listens on.
        port: Its port.
        token: What a reader has to give; it may be left out where only this machine reaches the
            server.
        workers: Processes that answer.
        prefix: Path below which a proxy shows the pages, such as "/accord"; empty for the root.
        domains: Names by which a proxy is reached, beside the host.
        body_limit: Largest request, bytes.
        time_limit: Longest time of a request, seconds.
        rate: Requests a second that a client may send for long.
        burst: Requests that a client may send at once.
        keep_enquiries: Days after which what readers asked is deleted.
        draws: Draws behind intervals.
        paths: Random paths of money and currency.
        curves: Whether what terms do is worked out while a page is open.
        warm: Whether the engines are loaded in the background at the start.
    """

    library: Path
    host: str = "127.0.0.1"
    port: int = 8765
    token: str | None = field(default=None, repr=False)
    workers: int = 1
    prefix: str = ""
    domains: tuple[str, ...] = ()
    body_limit: int = 2_000_000
    time_limit: float = 60.0
    rate: float = 100.0
    burst: int = 1000
    keep_enquiries: int = KEEP_DAYS
    draws: int = 500
    paths: int = 2000
    curves: bool = True
    warm: bool = True

    def __post_init__(self) -> None:
        """Refuse what would leave a server open or out of reach.

        Raises:
            InputError: A server that others reach, at its address or through a proxy, without a
                token, a token that can be guessed, a port, a number of workers or a prefix that
                cannot be; all at once.
        """
        problems = [*self._find_access_problems(), *self._find_other_problems()]
        if problems:
            raise InputError(problems, "the settings of the server")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    @property
    def hosts(self) -> frozenset[str]:
        """Names that a request may give as its host."""
        own = () if self.host in {"0.0.0.0", "::"} else (self.host,)  # noqa: S104
        return frozenset(name.casefold() for name in (*LOOPBACK_NAMES, *own, *self.domains))

    def _find_access_problems(self) -> list[Problem]:
        if self.token is None and not self.is_loopback:
            message = f"{self.host} can be reached by others, and there is no token"
            return [Problem("--host", message, "give --token, or listen on 127.0.0.1")]
        if self.token is None and self.domains:
            message = f"a proxy lets others in as {self.domains[0]}, and there is no token"
            return [Problem("--domain", message, "give --token, or leave --domain out")]
        if self.token is not None and len(self.token) < SHORTEST_TOKEN:
            message = f"{len(self.token)} characters can be guessed; {SHORTEST_TOKEN} are needed"
            remedy = 'make one with: python -c "import secrets; print(secrets.token_urlsafe())"'
            return [Problem("--token", message, remedy)]
        return []

    def _find_other_problems(self) -> list[Problem]:
        problems = []
        if not 0 <= self.port < 65536:
            problems.append(Problem("--port", f"{self.port} is no port", "give 0 to 65535"))
        if not 1 <= self.workers <= 64:
            problems.append(Problem("--workers", f"{self.workers} is not possible", "give 1 to 64"))
        if self.prefix and (not self.prefix.startswith("/") or self.prefix.endswith("/")):
            remedy = "write it as /accord: a slash before it and none after it"
            problems.append(Problem("--prefix", f"{self.prefix!r} is no path", remedy))
        return [*problems, *find_days_problems(self.keep_enquiries)]

    def to_environment(self) -> None:
        """Keep the settings in the environment, where worker processes read them."""
        os.environ[VARIABLE] = json.dumps(asdict(self) | {"library": str(self.library)})

    @classmethod
    def from_environment(cls) -> "ServerSettings":
        """Return the settings that the first process left for its workers."""
        given = json.loads(os.environ[VARIABLE])
        return cls(
            **given | {"library": Path(given["library"]), "domains": tuple(given["domains"])}
        )


def is_loopback(host: str) -> bool:
    """Return whether an address can be reached from its own machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"
