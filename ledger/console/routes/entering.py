"""Coming in: the start page, signing in with a token, signing out, choosing a language."""

from typing import Annotated

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body
from litestar.response import Redirect
from msgspec import Struct

from ledger.console.drawing import ROOT, url
from ledger.console.speaking import LANGUAGES
from ledger.console.visit import LANGUAGE_COOKIE, Asked, Here, Said, Visit, cookie
from ledger.rights.caller import Right
from ledger.rights.refusals import RightsRefused
from ledger.rights.tokens import Checker
from ledger.service.entrance import COOKIE, OPEN

YEAR = 365 * 86_400


class Token(Struct):
    """What the sign-in form sends; `_csrf_token` is looked at before."""

    token: str
    next: str = ""


Form = Annotated[Token, Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/", sync_to_thread=True)
def start(visit: Here) -> Response[str] | Redirect:
    """Find somebody; cities to choose from; what is worth a look."""
    visit.known_caller.need(Right.ASK)
    cities = visit.cities()
    pages = visit.room.pointers
    return visit.page("start.html", city=cities[0] if len(cities) == 1 else "", cities=cities, pointers=pages)


@get("/login", opt={OPEN: True}, sync_to_thread=False)
def ask_token(visit: Here, next: Asked = "") -> Response[str]:
    """Ask for a token."""
    return visit.page("login.html", next=_inside(next), problem="")


@post("/login", opt={OPEN: True}, status_code=200, sync_to_thread=True)
def take_token(visit: Here, data: Form) -> Response[str] | Redirect:
    """Keep a token that counts in a cookie that no script can read."""
    checker: Checker = visit.request.app.state.checker
    try:
        checker.caller(data.token.strip())
    except RightsRefused as refused:
        return visit.page("login.html", status=401, next=_inside(data.next), problem=refused.code)
    kept = cookie(COOKIE, data.token.strip(), secure=_secure(visit))
    return Redirect(_inside(data.next) or ROOT, status_code=303, cookies=[kept])


@post("/logout", status_code=303, opt={OPEN: True}, sync_to_thread=False)
def leave(visit: Here) -> Redirect:
    """Forget the token."""
    gone = cookie(COOKIE, "", secure=_secure(visit), seconds=0)
    return Redirect(url("", "login"), status_code=303, cookies=[gone])


@get("/language/{language:str}", status_code=303, opt={OPEN: True}, sync_to_thread=False)
def choose_language(visit: Here, language: Said, back: Asked = "") -> Redirect:
    """Remember a language and go back to the page."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    kept = cookie(LANGUAGE_COOKIE, chosen, secure=_secure(visit), seconds=YEAR)
    return Redirect(_inside(back) or ROOT, status_code=303, cookies=[kept])


def _inside(address: str) -> str:
    """An address of the console, or nothing: a sign-in must not lead elsewhere."""
    plain = address.replace("\\", "/")
    return address if plain.startswith(f"{ROOT}/") and "//" not in plain.partition("?")[0] else ""


def _secure(visit: Visit) -> bool:
    return visit.request.url.scheme == "https"


@get("/{city:str}/{rest:path}", sync_to_thread=False)
def nowhere(city: Said, rest: Said) -> Response[str]:
    """Every other address: said in words, like everything that goes wrong."""
    raise NotFoundException


HANDLERS = (start, ask_token, take_token, leave, choose_language, nowhere)
