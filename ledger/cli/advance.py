"""`yibao advance`: the passing of time."""

from datetime import date

from domain.errors import InputRefused
from ledger.cli import OK
from ledger.cli.checkpoint import Key, line, told
from ledger.cli.key import signing_key
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, say


def advance(*, to: str, key: Key = None, everywhere: Everywhere = EVERYWHERE) -> int:
    """Record what the passing of time has changed up to the end of a day; made for a daily timer.

    Then a checkpoint 检查点 of the log is written: signed with --key, otherwise not, and it says so.

    Examples: `yibao advance --to 2024-03-31`; `yibao advance --to 2024-03-31 --key yibao.key`

    Parameters
    ----------
    to
        The last day that has passed, e.g. 2024-03-31.
    key
        File of the private key 私钥 that signs the checkpoint; else YIBAO_SIGNING_KEY.
    """
    try:
        day = date.fromisoformat(to)
    except ValueError:
        raise InputRefused("wrong_type", "to", f"`{to}` is not a day such as 2024-03-31") from None
    from ledger.proof.checkpoints import write

    signer = signing_key(key)
    with opened(everywhere) as ledger:
        made = ledger.advance(day, city=everywhere.city_code() or None)
        sealed = write(ledger.store, signer)
    if everywhere.json:
        print_json({"to": day.isoformat(), "events": made, "checkpoint": told(sealed)})
    else:
        for city, events in made.items() or {"-": 0}.items():
            say(f"{city}: {events} consequences of time 时间推移 up to {day}")
        if sealed is not None:
            say(line(sealed))
    return OK
