"""`yibao advance`: the passing of time."""

from datetime import date

from domain.errors import InputRefused
from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, say


def advance(*, to: str, everywhere: Everywhere = EVERYWHERE) -> int:
    """Record what the passing of time has changed up to the end of a day; made for a daily timer.

    Example: `yibao advance --to 2024-03-31`

    Parameters
    ----------
    to
        The last day that has passed, e.g. 2024-03-31.
    """
    try:
        day = date.fromisoformat(to)
    except ValueError:
        raise InputRefused("wrong_type", "to", f"`{to}` is not a day such as 2024-03-31") from None
    with opened(everywhere) as ledger:
        made = ledger.advance(day, city=everywhere.city_code() or None)
    if everywhere.json:
        print_json({"to": day.isoformat(), "events": made})
    else:
        for city, events in made.items() or {"-": 0}.items():
            say(f"{city}: {events} consequences of time 时间推移 up to {day}")
    return OK
