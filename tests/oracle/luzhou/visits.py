"""Outpatient visits and pharmacies: paid from accounts only (LZ-28, 35)."""

from datetime import date

from tests.oracle.luzhou.days import FIRST_DAY, day
from tests.oracle.luzhou.employee import Status, status
from tests.oracle.luzhou.individuals import runs
from tests.oracle.luzhou.jobs import jobs
from tests.oracle.luzhou.knowledge import Fact, Missing, NotCovered, World
from tests.oracle.luzhou.scope import bills
from tests.oracle.luzhou.standing import code, covered
from tests.oracle.luzhou.stays import Segment, Stay, first_filed


def read_visit(world: World, claim: Fact) -> Stay:
    person, when = str(claim["person"]), day(claim["on"])
    if when < FIRST_DAY:
        raise Missing("rules_not_in_force")
    provider = world.provider(claim["provider"], when)
    governs = covered(world, person, when)
    years = bills([claim], governs or Status("covered"), when.year)
    stay = Stay(claim, governs)
    stay.segments = [Segment(year, bill) for year, bill in sorted(years.items())]
    if first_filed(world, claim, provider) > date(when.year + 1, 3, 31):
        stay.reason = "filed_late"
    elif claim.get("papers_missing"):
        stay.reason = "documents_missing"
    elif governs is None:
        stay.reason = "account_blocked" if has_account(world, person, when) else code(world, person, when)
    elif governs.scheme == "employee" and governs.mode == "pooling_only":
        stay.reason = "benefit_not_in_mode"
    elif not provider.get("designated", True) or (
        governs.scheme == "resident" and provider.get("kind") == "pharmacy"
    ):
        stay.reason = "provider_not_designated"
    if stay.reason:
        stay.governs = None
    elif governs is not None and governs.scheme == "resident":
        stay.limit_of_draw = stay.segments[0].bill.in_scope
    return stay


def has_account(world: World, person: str, when: date) -> bool:
    """Whether the charge falls on a personal account: somebody once in the employee scheme."""
    if any(each.mode == "pooling_only" for run in runs(world, person) for each in run.months):
        raise NotCovered
    if any(f.get("account", "personal") == "personal" for f in world.of("opening_account", person=person)):
        return True
    if jobs(world, person) or any(run.months[0].mode == "combined" for run in runs(world, person)):
        return True
    now = status(world, person, when)
    if now.status != "none":
        return now.mode != "pooling_only"
    return any(
        f.get("scheme", "employee") == "employee"
        and f.get("mode") != "pooling_only"
        and f["status"] != "none"
        for f in world.of("opening_status", person=person)
    )
