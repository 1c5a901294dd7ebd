"""Benefit status of a day (section 4) and standing as a retiree (DX-14)."""

from dataclasses import dataclass
from datetime import date

from .basics import STARTS, Refused, Unanswered, day, month_of, plus_months
from .known import World
from .retiring import Retirement, retirement
from .runs import Run, Spell, away, resident_since, spells


@dataclass
class Standing:
    """Status of one day; `reason` says why not covered."""

    status: str
    reason: str | None = None
    capacity: str | None = None
    mode: str | None = None
    covered_from: date | None = None
    suspended_from: date | None = None
    retirement: Retirement | None = None
    run: Run | None = None


def in_force(world: World, when: date) -> None:
    """DX-68a."""
    if not STARTS <= when < world.ends:
        raise Unanswered("rules_not_in_force", day=when)


def standing(world: World, person: str, when: date) -> Standing:
    """Status on a day as known, whatever the document's first day (a stay may begin before it)."""
    return world.once("standing", (person, when), lambda: _standing(world, person, when))


def _standing(world: World, person: str, when: date) -> Standing:
    if world.outside_scheme(person, when):
        return Standing("none", "not_in_scheme")
    died = world.died_on(person)
    if died and when > died:
        return Standing("none", "not_enrolled")
    found = Standing("none", "not_enrolled")
    for spell in spells(world, person):
        if spell.left is not None and when >= spell.left:
            continue
        if all(p.source == "elsewhere" for p in spell.paid.values()):
            continue
        if away(world, person, spell.paid, when):
            return Standing("none", "not_enrolled")
        return _in_spell(world, person, spell, when)
    if _enrolled(world, person, when) and not away(world, person, {}, when):
        found = Standing("waiting", "waiting_period")
    return found


def _enrolled(world: World, person: str, when: date) -> bool:
    told = [f for f in world.of("enrolled", person=person) if f.get("scheme", "employee") == "employee"]
    left = max((each for each in resident_since(world, person) if each <= when), default=date.min)
    return any(left <= day(f["on"]) <= when for f in told)


def _entered(world: World, person: str, spell: Spell, when: date) -> bool:
    """Enrolled or paid for, here."""
    here = [max(p.paid_on, spell.entered) for p in spell.paid.values() if p.source != "elsewhere"]
    return _enrolled(world, person, when) or any(each <= when for each in here)


def _in_spell(world: World, person: str, spell: Spell, when: date) -> Standing:
    mine = retirement(world, person, spell)
    capacity, mode = _capacity(spell, mine, when)
    if when < spell.start:
        if not _entered(world, person, spell, when):
            return Standing("none", "not_enrolled")
        start = spell.start if spell.fixed else None
        return Standing("waiting", "waiting_period", capacity, mode, start, None, mine)
    mates = [
        r for r in spell.runs if r.start <= when and not (r.cleared and when >= (r.restart or r.cleared))
    ]
    run = mates[0] if len(mates) == 1 else None
    if mine and mine.since and when >= mine.since:
        return Standing("covered", None, capacity, mode, None, None, mine, run)
    for each in spell.runs:
        if _suspends(each, when, mine):
            back = _back(world, person, spell, mine, when)
            return Standing("suspended", "suspended", capacity, mode, back, each.suspends, mine, run)
    if mine and mine.short and when >= plus_months(mine.first, 3):
        back = _back(world, person, spell, mine, when)
        return Standing("suspended", "suspended", capacity, mode, back, plus_months(mine.first, 3), mine)
    return Standing("covered", None, capacity, mode, None, None, mine, run)


def _back(world: World, person: str, spell: Spell, mine: Retirement | None, when: date) -> date | None:
    """The first later day of cover: after a run, as a retiree, who waits no three months (DX-14d), or back as a member."""
    days = {each for run in spell.runs for each in (run.restart, run.cleared)}
    days |= {mine.first, mine.since} if mine else set()
    days |= {each.start for each in spells(world, person)}
    later = sorted(each for each in days if each is not None and each > when)
    return next((each for each in later if standing(world, person, each).status == "covered"), None)


def _suspends(run: Run, when: date, mine: Retirement | None) -> bool:
    since = run.suspends
    if since is None or when < since or run.healed:
        return False
    if run.cleared is None:
        return True
    waived = mine is not None and when >= max(run.cleared, mine.first)
    return not waived and (run.restart is None or when < run.restart)


def _capacity(spell: Spell, mine: Retirement | None, when: date) -> tuple[str | None, str | None]:
    if mine and mine.since and when >= mine.since:
        return "retired", mine.mode
    paid = spell.paid.get(month_of(when))
    return (paid.capacity, paid.mode) if paid else (None, None)


def entitled(world: World, person: str, when: date) -> Standing:
    """The standing of a covered person; Refused with the status code of anybody else."""
    found = standing(world, person, when)
    if found.status != "covered":
        raise Refused(found.reason or "not_enrolled")
    return found
