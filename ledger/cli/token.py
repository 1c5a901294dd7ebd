"""`yibao token`: bearer tokens for the service."""

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from domain.errors import InputRefused
from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere
from ledger.cli.screen import print_json, say


def token(
    *,
    role: tuple[Literal["operator", "auditor", "consumer", "administrator"], ...] = (),
    name: str = "",
    cities: str = "",
    identifiers: Annotated[bool, Parameter(negative="")] = False,
    imports: Annotated[bool, Parameter(negative="")] = False,
    days: int = 30,
    key: Annotated[str, Parameter(env_var="YIBAO_TOKEN_KEY")] = "yibao-token.pem",
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Issue a bearer token for `yibao serve`, signed with a local key.

    Whoever holds the token has its rights until it expires: hand it over safely, and give no more than is needed.

    Examples: `yibao key new yibao-token.pem`; `yibao token --role auditor --name wang --city 990100 --days 7`;
    `yibao token --role operator --role consumer --name import --cities all`.

    Parameters
    ----------
    role
        operator 经办 records and asks; auditor 稽核 asks and follows the stream; consumer 订阅方 follows the stream;
        administrator 管理员 keeps subscriptions, metrics and the access log. May be given several times.
    name
        Who it is for: stands in the log of the ledger behind every fact recorded with it.
    cities
        Cities it is for, by code or English name, with commas; or `all`. --city does for one.
    identifiers
        Also the right to read names and identity numbers of persons.
    imports
        Also the right to keep `recorded` times of another system's history when recording.
    days
        Days until it expires.
    key
        File of the private key 私钥 that signs, made by `yibao key new`.
    """
    if not role or not name:
        raise InputRefused("field_missing", "name" if role else "role", "give --role and --name")
    if days < 1 or days > 3660:
        raise InputRefused("value_not_allowed", "days", "--days is 1 to 3660")
    scope = _scope(cities, everywhere)
    text = _issued(Path(key), days, role, name=name, cities=scope, identifiers=identifiers, imports=imports)
    print_json({"token": text}) if everywhere.json else say(text)
    return OK


def _issued(key: Path, days: int, roles: tuple[str, ...], **caller: Any) -> str:
    """The token of a caller with these roles; `caller` holds the other fields of `Caller`."""
    from ledger.clock import SystemClock
    from ledger.rights.caller import Caller, Role
    from ledger.rights.keys import signing_key
    from ledger.rights.tokens import issue

    who = Caller(roles=tuple(Role[each.upper()] for each in roles), **caller)
    return issue(signing_key(key), who, days=days, clock=SystemClock())


def _scope(cities: str, everywhere: Everywhere) -> tuple[str, ...]:
    """Division codes of ledgers, or every city."""
    from domain.municipalities import municipality
    from ledger.rights.caller import EVERY_CITY

    named = [each.strip() for each in (cities or everywhere.city).split(",") if each.strip()]
    if not named:
        raise InputRefused(
            "field_missing", "cities", "say for which: --city CODE, --cities CODE,CODE, or --cities all"
        )
    if named == ["all"]:
        return (EVERY_CITY,)
    return tuple(municipality(Everywhere(city=each).city_code()).code for each in named)
