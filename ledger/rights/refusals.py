"""Why a caller is turned away, with stable codes (docs/errors.md)."""

from collections.abc import Sequence

from domain.errors import LedgerError


class RightsRefused(LedgerError):
    """A call that its caller may not make. `name` is the field or thing that it is about."""

    def __init__(self, code: str, name: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.name = name


class TokenMissing(RightsRefused):
    """No bearer token came with the call."""

    def __init__(self) -> None:
        said = "send `Authorization: Bearer TOKEN`; `yibao token` issues tokens"
        super().__init__("token_missing", "Authorization", said)


class TokenRefused(RightsRefused):
    """The token is expired, of another key, or malformed."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code, "Authorization", f"{why}; ask for a new token")


class NotAllowed(RightsRefused):
    """The caller's roles do not bring the right."""

    def __init__(self, message: str, name: str = "roles") -> None:
        super().__init__("not_allowed", name, message)


class CityOutOfScope(RightsRefused):
    """The token is for other cities."""

    def __init__(self, city: str, scope: Sequence[str]) -> None:
        said = f"the token is for {', '.join(scope) or 'no city'}, not for {city or 'all of them'}"
        super().__init__("city_out_of_scope", "city", said)
