"""Which hosts may be asked: names, addresses and networks that are listed.

A name says nothing of where it leads. An address that is not of the public internet is reached only
where the list has it, or its network, besides.

Source: semantics 11.12.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")
_DIGITS = re.compile("[0-9]{1,5}").fullmatch


class Hosts:
    """A list of hosts.

    Args:
        entries: each a name, ``*.`` with a domain, an address, or a network such as 10.0.0.0/8; a
            port may follow, except for networks.

    Raises:
        ValueError: an entry is none of these.
    """

    def __init__(self, entries: tuple[str, ...]) -> None:
        self._names: set[tuple[str, int | None]] = set()
        self._networks = [ip_network(entry) for entry in entries if "/" in entry]
        for entry in entries:
            # A network is no name: a URL that has its text as host must not be let through by it.
            if "/" not in entry:
                self._add(entry)

    def _add(self, entry: str) -> None:
        is_bare = entry.count(":") > 1 and not entry.startswith("[")  # an IPv6 address
        name, _, port = (entry, "", "") if is_bare else entry.rpartition(":")
        if port.endswith("]") or (not name and not entry.startswith(":")):
            name, port = entry, ""
        name = name.strip("[]").lower()
        is_port = not port or (_DIGITS(port) and int(port) < 65_536)
        if not name or not is_port or any(c in name for c in "@?# \t"):
            raise ValueError(f"'{entry}' is no host")
        self._names.add((name, int(port) if port else None))
        address = _address(name)
        if address is not None:
            self._networks.append(ip_network(address))

    def has(self, host: str, port: int, *, is_default_port: bool) -> bool:
        """Whether a URL with this host and port may be asked for."""
        # A point at the end is the same name for DNS, and must not be one that is not listed.
        host = host.lower().rstrip(".")
        domains = [f"*.{host.split('.', n)[n]}" for n in range(1, host.count(".") + 1)]
        # Without a port an entry means that of the scheme: another one is another service.
        ports = (port, None) if is_default_port else (port,)
        if any((name, p) in self._names for name in (host, *domains) for p in ports):
            return True
        address = _address(host)
        return address is not None and is_default_port and self._lists(address)

    def may_reach(self, address: str) -> bool:
        """Whether what a listed name leads to may be connected to."""
        # Behind the percent sign is the interface, which is no part of the address.
        found = _address(address.partition("%")[0])
        return found is not None and (_is_public(found) or self._lists(found))

    def _lists(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _is_public(address: Address) -> bool:
    """Whether an address, and the one that it may wrap, is of the public internet."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast
