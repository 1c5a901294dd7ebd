"""Keys of tokens: pairs made by `yibao key new` (ledger.proof.keys), looked at more strictly."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.errors import InputRefused
from ledger.proof import keys


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key that signs tokens; refused when the file is missing, open to others, or something else."""
    _there(path)
    if path.stat().st_mode & 0o077:
        raise InputRefused("key_open_to_others", "key", f"others may read {path}; run `chmod 600` on it")
    return keys.private_key(path)


def checking_key(path: Path) -> Ed25519PublicKey:
    """The key that checks tokens, from the file of the public or of the private key."""
    _there(path)
    if b"PRIVATE" in path.read_bytes():
        return signing_key(path).public_key()
    return keys.public_key(path)


def _there(path: Path) -> None:
    if not path.exists():
        said = f"there is no key at {path}; `yibao key new {path}` makes a pair"
        raise InputRefused("key_missing", "key", said)
