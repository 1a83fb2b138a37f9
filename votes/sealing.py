"""The ballot box (票箱): pure cryptography by libsodium (PyNaCl), no database, no settings.

The box is a key pair made when the vote opens. Ballots are sealed to its public half (sealed box: X25519,
XSalsa20-Poly1305). Its private half is split in two shares, neither of which says anything alone; each is sealed
to the key of one teller, and that key follows from the teller's passphrase (argon2id), which nobody stores.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

import nacl.utils
from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

#: Costs of one try at a passphrase. They belong to the keys made with them: never change them while a vote is on.
ARGON_OPS, ARGON_MEMORY = 4, 128 * 1024 * 1024
KEY_BYTES = 32
#: A ballot has at most so many lines (``Ballot.marks``); every ballot is padded to this.
MOST_LINES = 60
PADDING = " "
DIGEST_BYTES = 32
PAYLOAD_BYTES = MOST_LINES + DIGEST_BYTES

#: Crockford's base 32: nothing that looks alike.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
_GROUP = 4
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


class BrokenBallotError(Exception):
    """A sealed ballot that the box's key does not open, or that holds something else."""


# -- the tellers' keys ---------------------------------------------------------------------------------
def new_salt() -> bytes:
    """Random salt for one teller in one round."""
    return nacl.utils.random(pwhash.argon2id.SALTBYTES)


def teller_key(passphrase: str, salt: bytes) -> PrivateKey:
    """The key pair that follows from a passphrase: the same each time, and slow to try out."""
    text = unicodedata.normalize("NFKC", passphrase.strip()).encode()
    seed = pwhash.argon2id.kdf(KEY_BYTES, text, salt, opslimit=ARGON_OPS, memlimit=ARGON_MEMORY)
    return PrivateKey(seed)


def opens(passphrase: str, salt: bytes, public_key: bytes) -> PrivateKey | None:
    """The key pair, if the passphrase is the one that the public key was made from."""
    key = teller_key(passphrase, salt)
    return key if secrets.compare_digest(bytes(key.public_key), public_key) else None


# -- the box -------------------------------------------------------------------------------------------
def new_box() -> tuple[bytes, bytes]:
    """A new box: (public half, private half)."""
    key = PrivateKey.generate()
    return bytes(key.public_key), bytes(key)


def split(private: bytes) -> tuple[bytes, bytes]:
    """Two shares of a private key; one alone is random bytes (XOR with a one-time pad)."""
    pad = secrets.token_bytes(len(private))
    return pad, bytes(a ^ b for a, b in zip(private, pad, strict=True))


def join(one: bytes, other: bytes) -> bytes:
    """The private key from its two shares."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def seal_share(share: bytes, public_key: bytes) -> bytes:
    """A share that only one teller's passphrase opens."""
    return SealedBox(PublicKey(public_key)).encrypt(share)


def open_share(sealed: bytes, key: PrivateKey) -> bytes:
    """The share in it.

    Raises:
        BrokenBallotError: it was sealed to another key, or changed since.
    """
    try:
        return SealedBox(key).decrypt(sealed)
    except CryptoError as error:
        raise BrokenBallotError from error


# -- ballots -------------------------------------------------------------------------------------------
def seal_ballot(marks: str, digest: bytes, box_key: bytes) -> bytes:
    """A ballot and the digest of its receipt, sealed; as long as every other ballot.

    Args:
        marks: one letter a line (``votes.selectors.marks``).
        digest: ``receipt_digest`` of the receipt.
    """
    if len(marks) > MOST_LINES or len(digest) != DIGEST_BYTES or not marks.isascii():
        raise ValueError("no ballot of this kind")
    return SealedBox(PublicKey(box_key)).encrypt(marks.ljust(MOST_LINES, PADDING).encode() + digest)


class Opener:
    """Opens the ballots of one box."""

    def __init__(self, private: bytes) -> None:
        self._box = SealedBox(PrivateKey(private))

    def __call__(self, sealed: bytes) -> tuple[str, bytes]:
        """Marks and the receipt's digest.

        Raises:
            BrokenBallotError: the ballot was changed, or sealed for another box.
        """
        try:
            payload = self._box.decrypt(sealed)
            if len(payload) != PAYLOAD_BYTES:
                raise BrokenBallotError
            return payload[:MOST_LINES].decode("ascii").rstrip(PADDING), payload[MOST_LINES:]
        except (CryptoError, UnicodeDecodeError) as error:
            raise BrokenBallotError from error


# -- receipts and slips --------------------------------------------------------------------------------
def new_code() -> str:
    """A random text of 80 bits, grouped to be read out: ``7K3M-0QXZ-91TB-2FHE``."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(signs[start : start + _GROUP] for start in range(0, CODE_LENGTH, _GROUP))


def new_receipt() -> str:
    """A receipt (回执): made when the ballot is drawn on the screen, it comes back with the ballot."""
    return new_code()


def plain_code(typed: str) -> str:
    """A receipt or slip code as it is hashed; empty when it cannot be one."""
    folded = unicodedata.normalize("NFKC", typed).upper().translate(_ALIKE)
    code = re.sub(r"[\s\-—–_]", "", folded)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""


def shown_code(plain: str) -> str:
    """A plain code in groups of four."""
    return "-".join(plain[start : start + _GROUP] for start in range(0, len(plain), _GROUP))


def receipt_digest(round_key: str, receipt: str) -> bytes:
    """What of a receipt lies in the box and, after the count, in the list of counted receipts.

    Args:
        round_key: the round's public id, so that one receipt in two rounds is not seen to be the same.
    """
    return hashlib.sha256(f"receipt:{round_key}:{plain_code(receipt)}".encode()).digest()


def slip_hash(code: str) -> str:
    """What is kept of a slip's code (投票码); the code has 80 random bits, so nobody finds it from this."""
    return hashlib.sha256(f"slip:{plain_code(code)}".encode()).hexdigest()
