"""Which scheme pays on a day, and the status questions (section 0, SZ-33, SZ-52, SZ-79a)."""

from datetime import date
from itertools import pairwise

from tests.oracle.suizhou.relations import jobs
from tests.oracle.suizhou.resident import resident_label
from tests.oracle.suizhou.text import FAR, Answer, Fact, Known, Unsure, day, died_on, first, month_of, once
from tests.oracle.suizhou.walk import Walk, walk

REASONS = {"waiting": "waiting_period", "suspended": "suspended", "pending": "cover_pending"}


def opened(known: Known, person: str, when: date, scheme: str = "employee") -> Fact | None:
    for fact in known.about(person, "opening_status"):
        if fact.get("scheme", "employee") == scheme:
            if not fact.get("to") and known.about(
                person, "enrolment_ended", "contribution_paid", "retired", "enrolled"
            ):
                raise Unsure
            start, end = day(fact.get("from") or fact["on"]), day(fact["to"]) if fact.get("to") else FAR
            if start <= when < end:
                return fact
    return None


@once
def employee_label(known: Known, person: str, when: date) -> str:
    died = died_on(known, person)
    if died is not None and when > died:
        return "none"
    fact = opened(known, person, when)
    if fact is not None:
        return str(fact["status"])
    if any(f.get("scheme", "employee") == "employee" for f in known.about(person, "opening_status")):
        raise Unsure
    result = walk(known, person)
    if when > known.today and any(stop <= known.today for stop, _ in result.ends):
        raise Unsure
    return result.label(when)


@once
def capacity(known: Known, person: str, when: date) -> str | None:
    """Standing in the employee scheme on a covered day."""
    fact = opened(known, person, when)
    if fact is not None:
        return fact.get("capacity")
    walked = walk(known, person)
    kinds = [kind for a, b, kind in walked.covered if a <= when < b]
    if _prepaid_into_a_job(walked):
        raise Unsure  # months paid twice: who counts as payer is a matter of taste
    if not kinds:
        return None
    payers = {relation.kind for relation in walked.relations if month_of(when) in relation.paid}
    if payers and kinds[-1] not in payers and kinds[-1] != "retired":
        raise Unsure  # the month after one payer, made good by another
    return kinds[-1] if kinds[-1] != "opening" else "employed"


def _prepaid_into_a_job(walked: Walk) -> bool:
    months = [m for relation in walked.relations for m in relation.paid]
    return len(months) > len(set(months)) or any(
        max(before.paid) >= month_of(after.entry) for before, after in pairwise(walked.relations)
    )


@once
def paying(known: Known, person: str, when: date) -> str | None:
    """The scheme that pays on a day (SZ-52b, e)."""
    chosen = [f for f in known.about(person, "scheme_chosen") if day(f["on"]) <= when]
    employee = employee_label(known, person, when) == "covered"
    resident = resident_label(known, person, when) == "covered"
    if chosen and employee and resident:
        if capacity(known, person, when) != "flexible":
            raise Unsure
        return str(chosen[-1]["scheme"])
    if chosen:
        raise Unsure
    return "employee" if employee else "resident" if resident else None


def status_answer(known: Known, question: Answer) -> Answer:
    person, when = question["person"], day(question["on"])
    if not date(2024, 1, 1) <= when < date(2029, 1, 1):
        raise Unsure  # a day outside the document
    scheme = question.get("scheme")
    if scheme is None:
        scheme = paying(known, person, when)
        if scheme is None:
            raise Unsure
    if scheme == "resident":
        label = resident_label(known, person, when)
        if label == "covered" and paying(known, person, when) == "employee":
            return {"status": "suspended", "reason": "other_scheme_prevails", "scheme": "resident"}
        return {"status": label, "scheme": "resident"}
    label = employee_label(known, person, when)
    if (
        label == "suspended"
        and not walk(known, person).relations[1:]
        and known.about(person, "opening_history")
    ):
        raise Unsure  # months of long ago and nothing since: stopped, or simply not there
    answer: Answer = {"status": label, "scheme": "employee"}
    if label in REASONS:
        answer["reason"] = REASONS[label]
    if label == "covered":
        answer["capacity"] = capacity(known, person, when)
        flag = maternity_flag(known, person, when)
        if flag is not None:
            answer["maternity"] = flag
    return answer


@once
def maternity_flag(known: Known, person: str, when: date) -> str | None:
    """`covered`, `not_qualified` or `medical_only` (SZ-30a, 31, 33); None where this evaluator is silent."""
    fact = opened(known, person, when)
    if fact is not None:
        if fact.get("maternity") and fact.get("capacity") == "employed":
            return "covered"
        return None
    standing = capacity(known, person, when)
    if standing in ("flexible", "retired"):
        return "medical_only"
    if standing != "employed" or known.about(person, "transferred_in"):
        return None
    if not any(start <= when and (end is None or when <= end) for _, start, end in jobs(known, person)):
        return None
    return "covered" if _six_months(walk(known, person), when, known) else "not_qualified"


def _six_months(result: Walk, when: date, known: Known) -> bool:
    """Six months in a row with maternity insurance, all since the count last began again (SZ-33a, b)."""
    counted = _counted(result, known)
    return any(
        first(m0 + 6) <= when
        and all(m in counted for m in range(m0, m0 + 6))
        and not any(m0 < b <= month_of(when) for b in result.breaks)
        for m0 in counted
    )


def _counted(result: Walk, known: Known) -> set[int]:
    found = set()
    for relation in result.relations:
        for m, paid in relation.paid.items():
            if paid.maternity and m not in result.not_counted and _in_time(relation.paid.keys(), m, paid.on):
                found.add(m)
        if relation.kind == "employed" and relation.last_due is None and not result.ends:
            found |= set(range(month_of(known.today), month_of(known.today) + 24)) if relation.paid else set()
    return found


def _in_time(held: object, m: int, on: date) -> bool:
    """Paid in its own month or made good within six months; a lone month is a run of one."""
    return month_of(on) - m <= 6


def refused_reason(known: Known, person: str, when: date, scheme: str) -> str | None:
    label = (
        employee_label(known, person, when) if scheme == "employee" else resident_label(known, person, when)
    )
    return REASONS.get(label)


def periods_answer(known: Known, question: Answer) -> Answer:
    """Spans of one status, made by asking day by day."""
    raise Unsure
