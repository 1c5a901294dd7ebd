"""What makes a token count: its key, its algorithm, its time, its claims. Anything else is refused with a code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from domain.errors import InputRefused
from ledger.clock import SystemClock
from ledger.proof.keys import key_id, new_pair
from ledger.rights.caller import EVERY_CITY, Caller, Right, Role
from ledger.rights.keys import checking_key, signing_key
from ledger.rights.refusals import CityOutOfScope, NotAllowed, TokenRefused
from ledger.rights.tokens import AUDIENCE, ISSUER, Checker, Provider, issue

LI = Caller(name="li", roles=(Role.AUDITOR, Role.OPERATOR), cities=("510500",), identifiers=True)
KEY = Ed25519PrivateKey.generate()
CHECKER = Checker([KEY.public_key()])


def signed(key: Any = KEY, algorithm: str = "EdDSA", kid: str = "", **told: Any) -> str:
    """A token with these claims in place of the usual ones; None leaves one out."""
    now = 4_000_000_000
    usual = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "li",
        "exp": now,
        "roles": ["auditor"],
        "cities": ["510500"],
    }
    claims = {name: value for name, value in {**usual, **told}.items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid or key_id(KEY.public_key())})


def refused(checker: Checker, token: str) -> str:
    """The code with which a token is refused."""
    with pytest.raises(TokenRefused) as problem:
        checker.caller(token)
    return problem.value.code


def test_a_token_says_who_it_is_for_and_what_that_allows() -> None:
    found = CHECKER.caller(issue(KEY, LI, days=1, clock=SystemClock()))
    assert (found.name, found.roles, found.cities, found.identifiers) == ("li", LI.roles, LI.cities, True)
    assert not found.imports
    assert found.token


def test_what_a_caller_may_and_where() -> None:
    LI.need(Right.RECORD)
    LI.need_city("510500")
    with pytest.raises(NotAllowed, match="administrator"):
        LI.need(Right.KEEP)
    with pytest.raises(CityOutOfScope):
        LI.need_city("421300")
    assert Caller(name="x", roles=(), cities=(EVERY_CITY,)).reaches("421300")
    assert not Caller(name="x", roles=(), cities=()).reaches("421300")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"exp": 1_000_000_000}, "token_expired"),
        ({"exp": None}, "token_invalid"),
        ({"sub": None}, "token_invalid"),
        ({"iss": "somebody else"}, "token_invalid"),
        ({"aud": "something else"}, "token_invalid"),
        ({"roles": ["king"]}, "token_invalid"),
        ({"roles": "auditor"}, "token_invalid"),
        ({"cities": [510500]}, "token_invalid"),
        ({"identifiers": "yes"}, "token_invalid"),
        ({"nbf": 3_999_999_999}, "token_invalid"),
    ],
)
def test_a_token_whose_claims_are_not_right(told: dict[str, Any], code: str) -> None:
    assert refused(CHECKER, signed(**told)) == code


def test_a_token_of_another_key_or_kind_of_key() -> None:
    assert refused(CHECKER, signed(Ed25519PrivateKey.generate())) == "token_invalid"
    assert refused(CHECKER, signed(kid="unknown")) == "token_invalid"
    whole = issue(KEY, LI, days=1, clock=SystemClock())
    head, body, signature = whole.split(".")
    assert refused(CHECKER, f"{head}.{body[:-4]}AAAA.{signature}") == "token_invalid"
    assert refused(CHECKER, f"{head}.{body}.") == "token_invalid"


def test_the_public_key_never_serves_as_a_secret() -> None:
    """The old attack: HS256 with the public key as its secret, and `none`."""
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def part(told: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()

    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "x", "exp": 4_000_000_000, "roles": ["operator"]}
    for algorithm in ("HS256", "none"):
        told = f"{part({'alg': algorithm, 'kid': key_id(KEY.public_key())})}.{part(claims)}"
        made = hmac.new(pem, told.encode(), hashlib.sha256).digest() if algorithm == "HS256" else b""
        signature = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
        assert refused(CHECKER, f"{told}.{signature}") == "token_invalid"


def test_a_revoked_token() -> None:
    token = issue(KEY, LI, days=1, clock=SystemClock())
    name = jwt.decode(token, options={"verify_signature": False})["jti"]
    assert refused(Checker([KEY.public_key()], revoked=[name]), token) == "token_revoked"


def test_keys_are_files_that_only_their_owner_may_read(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    public, _ = new_pair(file)
    assert (
        key_id(checking_key(public)) == key_id(checking_key(file)) == key_id(signing_key(file).public_key())
    )
    file.chmod(0o640)
    for read in (signing_key, checking_key):
        with pytest.raises(InputRefused) as problem:
            read(file)
        assert problem.value.code == "key_open_to_others"
    with pytest.raises(InputRefused) as problem:
        signing_key(tmp_path / "nothing")
    assert problem.value.code == "key_missing"


class AgencyProvider:
    """An identity provider with one key, which counts how often it is asked."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.asked = 0
        of = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                of.asked += 1
                jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(of.key.public_key()))
                body = json.dumps(
                    {"keys": [{**jwk, "kid": "agency-1", "use": "sig", "alg": "RS256"}]}
                ).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *said: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/keys"

    def token(self, **told: Any) -> str:
        """A token as the agency issues them."""
        rights = {"roles": ["auditor"], "cities": ["510500"]}
        usual = {"iss": "https://id.example", "roles": None, "cities": None, "yibao": rights}
        return signed(self.key, "RS256", "agency-1", **{**usual, **told})


@pytest.fixture
def agency() -> Iterator[AgencyProvider]:
    """The agency's identity provider."""
    provider = AgencyProvider()
    thread = threading.Thread(target=provider.server.serve_forever, daemon=True)
    thread.start()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()
    thread.join()


def test_tokens_of_the_agencys_identity_provider(agency: AgencyProvider) -> None:
    checker = Checker(provider=Provider(jwks_url=agency.url, issuer="https://id.example"))
    found = checker.caller(agency.token())
    assert (found.name, found.roles, found.cities) == ("li", (Role.AUDITOR,), ("510500",))
    assert checker.caller(agency.token(yibao=None)).roles == ()
    assert refused(checker, agency.token(iss="https://other.example")) == "token_invalid"
    assert refused(checker, agency.token(yibao={"roles": ["root"]})) == "token_invalid"
    assert refused(checker, agency.token(yibao="auditor")) == "token_invalid"


def test_strange_tokens_do_not_make_us_ask_the_provider_again_and_again(agency: AgencyProvider) -> None:
    checker = Checker(provider=Provider(jwks_url=agency.url, issuer="https://id.example"))
    checker.caller(agency.token())
    before = agency.asked
    for _ in range(20):
        assert refused(checker, signed(kid="made-up")) == "token_invalid"
    assert agency.asked - before <= 1


def test_a_provider_that_does_not_answer() -> None:
    gone = Provider(jwks_url="http://127.0.0.1:9/keys", issuer="https://id.example")
    assert refused(Checker(provider=gone), signed(kid="x")) == "identity_provider_unreachable"
