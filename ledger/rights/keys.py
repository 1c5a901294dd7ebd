"""The local key with which tokens are signed: Ed25519, one PEM file that only its owner may read."""

import os
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.rights.refusals import KeyProblem


def new_key(path: Path) -> Ed25519PrivateKey:
    """Make a key file (mode 600); KeyProblem when there is a file already."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    except FileExistsError:
        raise KeyProblem("key_exists", f"{path} is there already; it was left as it is") from None
    return key


def private_key(path: Path) -> Ed25519PrivateKey:
    """The key that signs; KeyProblem when the file is missing, open to others, or something else."""
    pem = _pem(path)
    if path.stat().st_mode & 0o077:
        raise KeyProblem("key_open_to_others", f"others may read {path}; run `chmod 600` on it")
    try:
        found = form.load_pem_private_key(pem, None)
    except (ValueError, TypeError):
        found = None
    if not isinstance(found, Ed25519PrivateKey):
        raise KeyProblem("key_unusable", f"{path} is no Ed25519 private key in PEM")
    return found


def public_key(path: Path) -> Ed25519PublicKey:
    """The key that checks, from a file with the public or the private key."""
    pem = _pem(path)
    if b"PRIVATE" in pem:
        return private_key(path).public_key()
    try:
        found = form.load_pem_public_key(pem)
    except ValueError:
        found = None
    if not isinstance(found, Ed25519PublicKey):
        raise KeyProblem("key_unusable", f"{path} is no Ed25519 public key in PEM")
    return found


def public_pem(key: Ed25519PublicKey) -> str:
    """A public key as text, to be given to whoever checks tokens."""
    return key.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo).decode()


def key_id(key: Ed25519PublicKey) -> str:
    """A short name of a key: the beginning of the hash of its bytes."""
    raw = key.public_bytes(form.Encoding.Raw, form.PublicFormat.Raw)
    return urlsafe_b64encode(sha256(raw).digest()[:12]).decode()


def _pem(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        said = f"there is no key at {path}; `yibao token --new-key {path}` makes one"
        raise KeyProblem("key_missing", said) from None
