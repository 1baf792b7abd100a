"""Where the servers of PostgreSQL are: the URL of one, or of several of which one is the primary.

Source: PostgreSQL 15 manual, 34.1.1.2 "Connection URIs" and 34.1.1.3 "Specifying Multiple Hosts".
"""

import re
from typing import Any

from sqlalchemy import URL, make_url

_URL = re.compile(r"(?P<scheme>[^:]+)://(?:(?P<user>[^/?#]*)@)?(?P<hosts>[^/?#]*)(?P<rest>.*)")
_HOST = re.compile(
    r"\[(?P<address>[^\]]*)\](?::(?P<port>\d*))?|(?P<name>[^:]*)(?::(?P<digits>\d*))?"
)
PRIMARY = "read-write"  # of several hosts, the one that takes writes, if nothing else is asked for
# the other servers are to be asked soon when one has vanished without a word
SEVERAL: dict[str, Any] = {
    "connect_timeout": 2,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 4_000,
}


def postgres_url(database_url: str) -> URL:
    """The URL of a database on PostgreSQL as SQLAlchemy takes it.

    Args:
        database_url: with the hosts where the URL has them, ``host1:5432,host2``, or in the
            parameters ``host`` and ``port``.
    """
    found = _URL.fullmatch(database_url)
    if found is None:
        return make_url(database_url)
    listed = found["hosts"].split(",")
    login = "" if found["user"] is None else f"{found['user']}@"
    several = len(listed) > 1
    url = make_url(f"{found['scheme']}://{login}{'' if several else listed[0]}{found['rest']}")
    url = url.set(drivername="postgresql+psycopg")
    if several:
        pairs = [_host_and_port(text) for text in listed]
        url = _with(url, host=[host for host, _ in pairs], port=[port for _, port in pairs])
    elif isinstance(url.query.get("host"), tuple) or "," in str(url.query.get("host", "")):
        url = _with(url, **_in_parameters(url))
        several = True
    # Otherwise libpq takes the first that answers, which may be a standby.
    if several and "target_session_attrs" not in url.query:
        url = url.update_query_dict({"target_session_attrs": PRIMARY})
    return url


def has_several(url: URL) -> bool:
    """Whether there are servers to try when one is away."""
    return "," in str(url.query.get("host", ""))


def _in_parameters(url: URL) -> dict[str, list[str]]:
    """The hosts that the parameters name, each perhaps with its port."""
    given = url.query["host"]
    texts = (",".join(given) if isinstance(given, tuple) else given).split(",")
    ports = str(url.query.get("port", ""))
    if ports:
        listed = ports.split(",")
        return {"host": texts, "port": listed * len(texts) if len(listed) == 1 else listed}
    pairs = [_host_and_port(text) for text in texts]
    return {"host": [host for host, _ in pairs], "port": [port for _, port in pairs]}


def _with(url: URL, host: list[str], port: list[str]) -> URL:
    query = {"host": ",".join(host), "port": ",".join(port)}
    return url.set(host=None, port=None).update_query_dict(query)


def _host_and_port(text: str) -> tuple[str, str]:
    found = _HOST.fullmatch(text)
    if found is None:  # an address of IPv6 without brackets
        return text, "5432"
    return found["address"] or found["name"] or "", found["port"] or found["digits"] or "5432"
