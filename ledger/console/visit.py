"""One visit to a page: who looks, in which language, at which city, and with which ledger."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.template.base import csrf_token
from msgspec import structs

from domain import municipalities as towns
from ledger.console.dates import Pair, pair
from ledger.console.drawing import drawn
from ledger.console.masking import Shown
from ledger.console.reading.finding import Names
from ledger.console.reading.running_audit import Audits
from ledger.console.speaking import LANGUAGES, Language, Speaker
from ledger.handle import Ledger
from ledger.rights.caller import NOBODY, Caller, Right
from ledger.service.call import SAFE_SECONDS
from ledger.service.desk import Desk
from ledger.service.watching import entry_of

LANGUAGE_COOKIE = "yibao_language"
AnyRequest = Request[Caller, Any, Any]


class Room:
    """What all visits share: names that were read, audits that run, and what is worth looking at."""

    def __init__(self, pointers: tuple[dict[str, str], ...] = ()) -> None:
        self.names = Names()
        self.audits = Audits()
        self.pointers = pointers


class Visit:
    """What a page needs of its request."""

    def __init__(self, request: AnyRequest, room: Room) -> None:
        self.request = request
        self.room = room
        user = request.scope.get("user")
        self.caller: Caller | None = None if user is None or user == NOBODY else user
        self.shown = Shown(self.caller or NOBODY)
        self.desk: Desk = request.app.state.desk
        self.language = language_of(request)
        self.speaker = Speaker(self.language)

    @property
    def known_caller(self) -> Caller:
        """Whoever came through the door; pages without a door never ask."""
        assert self.caller is not None
        return self.caller

    def code(self, city: str, right: Right = Right.ASK) -> str:
        """The code of a city's ledger; RightsRefused when the caller may not, InputRefused when there is no such city."""
        self.known_caller.need(right)
        code = towns.municipality(city).code
        self.known_caller.need_city(code)
        return code

    def cities(self) -> list[str]:
        """Cities held that the caller may look at."""
        return [city for city in self.desk.store.cities() if self.known_caller.reaches(city)]

    def both(self, on: str, known: str) -> Pair:
        """Both dates as asked; by default the last day on which something was recorded."""
        return pair(on, known, self.desk.store.last_recorded().day)

    def page(self, template: str, city: str = "", status: int = 200, **context: Any) -> Response[str]:
        """The page in the language of the visit."""
        town = towns.municipality(city) if city else None
        told = {
            "visit": self,
            "caller": self.caller,
            "city": city,
            "town": None if town is None else (town.label if self.language == "zh" else town.name),
            "csrf": csrf_token({"request": self.request}),
            "here": self.request.url.path,
            "asked": str(self.request.url.query),
            **context,
        }
        page = drawn(self.language, template, {**told, "shown": self.shown})
        if self.shown.identified:
            self.note_identifiers()
        return Response(page, media_type=MediaType.HTML, status_code=status)

    def note_identifiers(self) -> None:
        """Record that this caller reads names or numbers; until that is safe, nothing is shown."""
        scope: Any = self.request.scope
        about = ", ".join(f"{name}:{value}" for name, value in self.request.query_params.items())
        entry = structs.replace(entry_of(scope), about=about)
        self.request.app.state.access.note(entry).result(SAFE_SECONDS)
        scope["state"]["notes"]["identifiers"] = True


class InCity:
    """A visit to one city, and both dates as the address says them. The caller may look at this city."""

    def __init__(self, visit: Visit, code: str, on: str, known: str) -> None:
        self.visit = visit
        self.code = code
        self.known = known
        """As it was asked, perhaps empty."""
        self._on = on

    def reading(self) -> AbstractContextManager[Ledger]:
        """A ledger to ask."""
        return self.visit.desk.reading()

    @cached_property
    def both(self) -> Pair:
        """Both dates; InputRefused when one of them is none. Pages that take no dates never read them."""
        return self.visit.both(self._on, self.known)

    def page(self, template: str, **context: Any) -> Response[str]:
        """The page of this city in the language of the visit."""
        return self.visit.page(template, self.code, **context)

    def page_of(
        self,
        template: str,
        read: Callable[[Ledger, str, str, Pair], Any],
        identifier: str,
        **context: Any,
    ) -> Response[str]:
        """The page about a person, household or employer, as `read` finds it for both dates."""
        with self.reading() as ledger:
            page = read(ledger, self.code, identifier, self.both)
        return self.page(template, page=page, both=self.both, **context)


Here = NamedDependency[Visit]
There = NamedDependency[InCity]
Said = FromPath[str]
Asked = FromQuery[str]
"""What handlers take: the visit, the city with both dates, a part of the address, a parameter of the address."""


def in_city(visit: Here, city: Said, on: Asked = "", known: Asked = "") -> InCity:
    """The dependency `there` of every page of a city: whoever may not look is refused before the page begins."""
    return InCity(visit, visit.code(city), on, known)


def language_of(request: AnyRequest) -> Language:
    """The language that was chosen, else Chinese."""
    asked = request.cookies.get(LANGUAGE_COOKIE, "")
    return next((language for language in LANGUAGES if language == asked), "zh")


def cookie(name: str, value: str, *, secure: bool, seconds: int | None = None) -> Cookie:
    """A cookie that no script reads and no other site sends."""
    return Cookie(
        key=name,
        value=value,
        path="/console",
        httponly=True,
        samesite="strict",
        secure=secure,
        max_age=seconds,
    )
