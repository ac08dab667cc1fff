"""Rows of /proc/net/tcp and udp, as their columns stand there. Pure. Sources: see procfs.py."""

from __future__ import annotations

import socket
import sys
from dataclasses import dataclass

from grader.instrument.sockdiag import Address


@dataclass(frozen=True, slots=True)
class Row:
    """One row of /proc/net/tcp or udp. drops: datagrams lost for want of room; only UDP has them."""

    local: Address
    remote: Address
    state: int
    tx_queue: int
    rx_queue: int
    uid: int
    inode: int
    drops: int = 0


def row_of(f: list[str], drops: int = 0) -> Row:
    """The row with these columns."""
    tx, rx = f[4].split(":")
    numbers = int(f[3], 16), int(tx, 16), int(rx, 16), int(f[7]), int(f[9])
    return Row(_address(f[1]), _address(f[2]), *numbers, drops)


def _address(text: str) -> Address:
    host, port = text.split(":")
    return socket.inet_ntoa(int(host, 16).to_bytes(4, sys.byteorder)), int(port, 16)
