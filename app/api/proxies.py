"""Forwarded headers, which count only where a proxy has sent them that is trusted.

Source: RFC 7239, 8.1; contract 11.10.
"""

import ipaddress
from collections.abc import Iterable
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

TRUSTED = "baton.trusted_proxy"  # in the environment of a request that a trusted proxy has sent


class Proxies:
    """Takes over what a trusted proxy says of its client: scheme, host and path in front.

    Args:
        trusted: addresses and networks.
    """

    def __init__(self, app: Any, trusted: Iterable[str]) -> None:
        self._app = app
        # One proxy deep: of a longer chain only what the nearest has added can be trusted.
        self._fixed = ProxyFix(app, x_for=1, x_proto=1, x_host=1, x_prefix=1)
        self._networks = [ipaddress.ip_network(name, strict=False) for name in trusted]
        self._known: dict[str, bool] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        address = environ.get("REMOTE_ADDR", "")
        known = self._known.get(address)
        if known is None:
            known = self._is_trusted(address)
            # Bounded: whoever can connect has an address.
            if len(self._known) < 1000:
                self._known[address] = known
        if not known:
            return self._app(environ, start_response)
        environ[TRUSTED] = True
        return self._fixed(environ, start_response)

    def _is_trusted(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:  # as of a socket of the machine
            return False
        # A socket for both families shows IPv4 clients within IPv6 addresses, which no IPv4 network
        # has.
        mapped = getattr(found, "ipv4_mapped", None)
        return any((mapped or found) in network for network in self._networks)
