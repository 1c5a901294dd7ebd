"""Bearer tokens: JWT (RFC 7519), signed with a local Ed25519 key, or by the agency's identity provider."""

import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from domain.values.calendar import Moment
from ledger.clock import Clock
from ledger.proof.keys import key_id
from ledger.rights.caller import Caller, Role
from ledger.rights.refusals import TokenRefused

ISSUER = AUDIENCE = "yibao-ledger"
LOCAL_ALGORITHMS = ("EdDSA",)
PROVIDER_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Asymmetric only: a key that checks must not be able to sign. Never `none`, never HS*."""
_UNIX = Moment.at(datetime(1970, 1, 1, tzinfo=UTC))
_DAY = 86_400
_ASK_AGAIN = 30.0
"""Seconds for which a key that the identity provider does not have is refused without asking."""
_MOST_STRANGE = 10_000


class Provider(Struct, frozen=True, kw_only=True):
    """An identity provider (OIDC) whose tokens count: where its keys are, and what it puts into them."""

    jwks_url: str
    issuer: str
    audience: str = AUDIENCE
    claims: str = "yibao"
    """The claim that holds `{"roles", "cities", "identifiers"}`."""


class _Rights(Struct, frozen=True):
    """What a token says of its bearer's rights."""

    roles: tuple[Role, ...] = ()
    cities: tuple[str, ...] = ()
    identifiers: bool = False
    imports: bool = False


def issue(key: Ed25519PrivateKey, caller: Caller, *, days: int, clock: Clock) -> str:
    """A token for a caller that expires after some days."""
    now = (int(clock.read()) - int(_UNIX)) // 1_000_000
    told = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": caller.name,
        "jti": uuid.uuid4().hex,
        "iat": now,
        "exp": now + days * _DAY,
        "roles": [str(role) for role in caller.roles],
        "cities": list(caller.cities),
        "identifiers": caller.identifiers,
        "imports": caller.imports,
    }
    return jwt.encode(told, key, algorithm="EdDSA", headers={"kid": key_id(key.public_key())})


class Checker:
    """Says who a token belongs to, or refuses it. Threads may share it."""

    def __init__(
        self,
        keys: Sequence[Ed25519PublicKey] = (),
        provider: Provider | None = None,
        revoked: Sequence[str] = (),
    ) -> None:
        self._local = {key_id(key): key for key in keys}
        self._provider = provider
        self._revoked = frozenset(revoked)
        self._jwks = None if provider is None else jwt.PyJWKClient(provider.jwks_url, timeout=5)
        self._strange: dict[str, float] = {}

    @property
    def asks_elsewhere(self) -> bool:
        """True when checking may wait for the identity provider: then it belongs in a thread."""
        return self._jwks is not None

    def caller(self, token: str) -> Caller:
        """The caller of a token; TokenRefused says why not."""
        try:
            found = self._caller(token)
        except jwt.ExpiredSignatureError:
            raise TokenRefused("token_expired", "the token has expired") from None
        except jwt.PyJWKClientConnectionError as problem:
            raise TokenRefused("identity_provider_unreachable", str(problem)) from None
        except (jwt.PyJWTError, msgspec.ValidationError) as problem:
            raise TokenRefused("token_invalid", f"the token does not count ({problem})") from None
        if found.token in self._revoked:
            raise TokenRefused("token_revoked", "the token was revoked")
        return found

    def _caller(self, token: str) -> Caller:
        key = self._local.get(str(jwt.get_unverified_header(token).get("kid")))
        if key is not None:
            told = self._checked(token, key, LOCAL_ALGORITHMS, ISSUER, AUDIENCE)
            return _described(told, told)
        if self._jwks is None or self._provider is None:
            raise jwt.InvalidKeyError("it is signed with a key that is not known here")
        told = self._checked(
            token,
            self._key_of(self._jwks, token),
            PROVIDER_ALGORITHMS,
            self._provider.issuer,
            self._provider.audience,
        )
        return _described(told, told.get(self._provider.claims, {}))

    def _key_of(self, provider: jwt.PyJWKClient, token: str) -> Any:
        """The provider's key; one that it did not have is not asked for again at once, whoever sends such tokens."""
        name, now = str(jwt.get_unverified_header(token).get("kid")), time.monotonic()
        if self._strange.get(name, 0) > now:
            raise jwt.InvalidKeyError("the identity provider has no such key")
        try:
            return provider.get_signing_key_from_jwt(token).key
        except jwt.PyJWKClientConnectionError:
            raise
        except jwt.PyJWKClientError:
            if len(self._strange) > _MOST_STRANGE:
                self._strange.clear()
            self._strange[name] = now + _ASK_AGAIN
            raise

    def _checked(
        self, token: str, key: Any, algorithms: Sequence[str], issuer: str, audience: str
    ) -> dict[str, Any]:
        told: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(algorithms),
            issuer=issuer,
            audience=audience,
            options={"require": ["exp", "sub", "iss", "aud"]},
        )
        return told


def _described(token: Mapping[str, Any], told: object) -> Caller:
    """The caller; ValidationError when a role is unknown, so that a misspelt role never counts as none."""
    rights = msgspec.convert(told, _Rights)
    return Caller(
        name=str(token["sub"]),
        roles=rights.roles,
        cities=rights.cities,
        identifiers=rights.identifiers,
        imports=rights.imports,
        token=str(token.get("jti", "")),
    )
