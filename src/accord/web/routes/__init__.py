"""Addresses and what answers them. A module of this room has `ROUTES`, and is listed here."""

from starlette.routing import BaseRoute

from accord.web.routes import (
    api,
    compare,
    draws,
    enquiries,
    library,
    library_api,
    making,
    publish,
    sign_in,
    static,
    workbench,
)


def all_routes() -> list[BaseRoute]:
    """Return the addresses of every module, in the order in which they are tried."""
    modules = (
        static, sign_in, api, library, library_api, making, enquiries, compare, draws, publish,
        workbench,
    )  # fmt: skip
    return [route for module in modules for route in module.ROUTES]
