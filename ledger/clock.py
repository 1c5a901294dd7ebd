"""The only reader of the wall clock. Everything else is given a clock, or a moment."""

from datetime import datetime, timedelta
from typing import Protocol

from domain.values.calendar import CHINA, Moment


class Clock(Protocol):
    """Tells what time it is in China."""

    def read(self) -> Moment:
        """The present moment."""
        ...


class SystemClock:
    """The clock of this machine."""

    def read(self) -> Moment:
        """The present moment; a machine set to another zone makes no difference."""
        return Moment.at(datetime.now(CHINA))


class FixedClock:
    """Stands still until it is moved; for tests, demonstrations and case files."""

    def __init__(self, at: Moment | str) -> None:
        self.moment = at if isinstance(at, Moment) else Moment.parse(at)

    def read(self) -> Moment:
        """The moment it was set to."""
        return self.moment

    def set(self, at: Moment | str) -> None:
        """Set it to a moment, earlier or later."""
        self.moment = at if isinstance(at, Moment) else Moment.parse(at)

    def pass_(self, time: timedelta) -> None:
        """Let some time pass."""
        self.moment = Moment(self.moment + time // timedelta(microseconds=1))
