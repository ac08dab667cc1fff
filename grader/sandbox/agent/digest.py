"""The digest of the agent's parts: said in its hello, and reckoned by whoever starts it. Imports nothing of ours."""

from __future__ import annotations

import hashlib
import os


def digest_of(folder: str | os.PathLike[str]) -> str:
    """Of the name and the text of every part, whatever parts there are. Raises OSError."""
    total = hashlib.sha256()
    for name in sorted(name for name in os.listdir(folder) if name.endswith(".py")):
        total.update(name.encode())
        with open(os.path.join(folder, name), "rb") as f:
            total.update(f.read())
    return total.hexdigest()
