"""Ed25519 keys (RFC 8032) in PEM files, by the library `cryptography`; a private one is readable by its owner only."""

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from domain.errors import InputRefused

PUBLIC = ".pub"


def new_pair(file: Path) -> tuple[Path, str]:
    """Make a pair: the private key in `file`, the public one in `file.pub`; the latter's path and the key's id."""
    public = file.with_name(file.name + PUBLIC)
    for each in (file, public):
        if each.exists():
            said = f"{each} is there already; name another file: a key is never written over"
            raise InputRefused("key_exists", "file", said)
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(secret)
    told = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    public.write_bytes(told)
    return public, key_id(key.public_key())


def private_key(file: Path) -> Ed25519PrivateKey:
    """The key of a file; InputRefused when it holds none."""
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise _unreadable(file, "private")
    return key


def public_key(file: Path) -> Ed25519PublicKey:
    """The public key of a file; InputRefused when it holds none."""
    try:
        key = load_pem_public_key(file.read_bytes())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise _unreadable(file, "public")
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """What a key is called: SHA-256 of its 32 bytes, in hexadecimal digits."""
    return sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def genuine(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    """Whether the holder of a key has signed this."""
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _unreadable(file: Path, which: str) -> InputRefused:
    said = f"{file} holds no {which} Ed25519 key in PEM; `yibao key new` makes a pair"
    return InputRefused("key_unreadable", "key", said)
