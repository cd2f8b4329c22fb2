"""Where a request comes from, by the connection and by what trusted proxies say of it.

peer     the address that the connection comes from
client   the address that asks: the peer, or what as many proxies as are trusted say of it
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from flask import current_app, g, request

from indexer.settings import Settings, listed

SETTINGS = "gongwen.settings"  # where an application keeps them
_FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")


def settings_now() -> Settings:
    """Return the settings of the application that answers now."""
    settings: Settings = current_app.config[SETTINGS]
    return settings


def loopback(address: str) -> bool:
    """Whether an address or name is this machine's own."""
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address.lower() == "localhost"


def peer() -> str:
    """Return the address that the connection comes from, whatever headers say."""
    kept = request.environ.get("werkzeug.proxy_fix.orig", request.environ)
    # Within one process there is no connection at all; a socket file gives an empty address.
    address = kept.get("REMOTE_ADDR")
    return "127.0.0.1" if address is None else str(address)


def from_here() -> bool:
    """Whether the request was made on this machine, and not handed on by a proxy of it."""
    told = any(name in request.headers for name in _FORWARDED) and not settings_now().proxies
    return loopback(peer()) and loopback(request.remote_addr or peer()) and not told


def trusted() -> bool:
    """Whether the connection comes from an address that `trusted` names."""
    try:
        address = ip_address(peer())
    except ValueError:
        return False
    return any(address in ip_network(one) for one in listed(settings_now().trusted))


def client() -> str:
    """Return who asks, to count by: the one signed in, else the address; of IPv6 the network that one site has."""
    name = g.get("user")
    if name:
        return f"user {name}"
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)
