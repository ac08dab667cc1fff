"""Challenge and response: 32 random bytes, and the answer of somebody who knows the secret. Pure.

Source: chapter part 2, section 1.3. The right answer is md5(secret + challenge) in lower-case hex, 32 bytes of ASCII.
Beside it stand the answers that programs give, and servers accept, which hash something else, in another way, or write
the digest in another form: so a wrong answer can be told by the mistake that makes it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from itertools import product

SIZE = 32  # bytes of a challenge, and of an answer

Mix = Callable[[bytes, bytes], bytes]  # (secret, challenge) → what is hashed
Digest = Callable[[Mix, bytes, bytes], bytes]
Form = Callable[[bytes], bytes]  # how a digest is written


def answer(secret: bytes, challenge: bytes) -> bytes:
    return hashlib.md5(secret + challenge).hexdigest().encode()


def mistaken(secret: bytes, challenge: bytes) -> Iterator[tuple[tuple[str, ...], bytes]]:
    """Wrong answers and the mistakes that make them, those with fewer mistakes first; an answer may come twice."""
    every = sorted(product(DIGESTS, MIXES, FORMS), key=lambda names: sum(map(bool, names)))
    for hashed, mixed, written in every[1:]:
        digest = DIGESTS[hashed](MIXES[mixed], secret, challenge)
        yield tuple(filter(None, (hashed, mixed, written))), FORMS[written](digest)


def _hash(name: str) -> Digest:
    return lambda mix, secret, challenge: hashlib.new(name, mix(secret, challenge)).digest()


def _hmac(mix: Mix, secret: bytes, challenge: bytes) -> bytes:
    swapped = mix is MIXES["order-swapped"]
    key, message = (challenge, secret) if swapped else (secret, challenge)
    return hmac.new(key, message, "md5").digest()


# What is right has no name.
DIGESTS: dict[str, Digest] = {
    "": _hash("md5"),
    "sha1-not-md5": _hash("sha1"),
    "sha256": _hash("sha256"),
    "hmac-not-md5": _hmac,
}
MIXES: dict[str, Mix] = {
    "": lambda secret, challenge: secret + challenge,
    "order-swapped": lambda secret, challenge: challenge + secret,
    "challenge-ignored": lambda secret, challenge: secret,
    "secret-ignored": lambda secret, challenge: challenge,
    "bytes-as-text": lambda secret, challenge: secret + str(challenge).encode(),
    "challenge-as-hex": lambda secret, challenge: secret + challenge.hex().encode(),
}
FORMS: dict[str, Form] = {
    "": lambda digest: digest.hex().encode(),
    "digest-not-hexdigest": lambda digest: digest,
    "upper-case-hex": lambda digest: digest.hex().upper().encode(),
}
