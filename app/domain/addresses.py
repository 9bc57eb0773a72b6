"""Which network addresses are public: those that a request which somebody else has named may go to.

The registries behind this are IANA's special-purpose address registries (RFC 6890), which `ipaddress` keeps; an IPv6
address that only carries an IPv4 one is judged by what it carries.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
# RFC 6052, and RFC 8215 for translation inside one's own network.
NAT64, LOCAL_NAT64 = IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48")
MOST_PARTS = 4


def is_public(address: Address) -> bool:
    """Whether the address belongs to the public internet, for one receiver, and to nothing special."""
    if isinstance(address, IPv6Address):
        carried = _carried(address)
        if carried is not None:
            return is_public(carried)
        if address in LOCAL_NAT64 or address.is_site_local or address.teredo is not None:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv4-mapped, NAT64 or 6to4 one leads to."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def line(host: str) -> str:
    """The line that a client comes over, as far as its address tells: an IPv4 address, the /64 of an IPv6 one (whoever has
    one has 2^64 of them, RFC 4291 and RFC 6177), and what is no address as it is."""
    if ":" not in host:
        return host
    try:
        address = IPv6Address(host.partition("%")[0])
    except ValueError:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> 64 << 64)}/64"


def literal(host: str) -> Address | None:
    """The address that a host name is, in any form that programs take for one; None where it is a name.

    Beside the usual forms these are IPv4 addresses of one to four parts, each decimal, octal (`0177`) or hexadecimal
    (`0x7f`), as `inet_aton` has read them since 4.2BSD: `2130706433`, `127.1`, `0x7f.0.0.1`.
    """
    host = host.strip("[]").partition("%")[0].rstrip(".")
    try:
        return ip_address(host)
    except ValueError:
        pass
    numbers = [_number(part) for part in host.split(".")]
    if not 1 <= len(numbers) <= MOST_PARTS or None in numbers:
        return None
    *ahead, last = (number or 0 for number in numbers)
    room = 8 * (MOST_PARTS - len(ahead))
    if any(number > 255 for number in ahead) or last >= 1 << room:
        return None
    whole = last
    for at, number in enumerate(ahead):
        whole |= number << (24 - 8 * at)
    return IPv4Address(whole)


def _number(part: str) -> int | None:
    """One part as `inet_aton` reads it."""
    try:
        if part[:2].lower() == "0x":
            return int(part, 16) if len(part) > 2 else 0
        base = 8 if len(part) > 1 and part[0] == "0" else 10
        return int(part, base) if part.isascii() and part.isdigit() else None
    except ValueError:
        return None
