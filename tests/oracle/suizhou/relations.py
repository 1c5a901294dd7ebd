"""Who paid which month of the employee scheme and when, and who owes months: jobs, flexible spells, transfers."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tests.oracle.suizhou.text import (
    Fact,
    Known,
    Unsure,
    cents,
    day,
    last,
    money,
    month,
    month_of,
    months,
    once,
    plus_months,
)

RATES = {"pooled": Decimal("0.065"), "large": Decimal("0.005"), "personal": Decimal("0.02")}


@dataclass
class Paid:
    """One month, paid on a day by somebody."""

    month: int
    on: date
    capacity: str
    employer: str | None = None
    mode: str = "combined"
    base: Decimal | None = None
    maternity: bool = False
    purpose: str = "ordinary"


@dataclass
class Relation:
    """One payer's uninterrupted hold on a person: a job, a flexible spell, a benefit, an earlier record."""

    kind: str  # employed, flexible, unemployed, opening, transferred
    entry: date
    paid: dict[int, Paid]
    employer: str | None = None
    first_due: int = 0
    last_due: int | None = None  # None: still going on
    shared: dict[int, Paid] = field(default_factory=dict)  # months of its own that others paid
    beyond: bool = False  # others have paid months after its end
    opening: bool = False  # begins with the record taken over, all of it paid on time


@once
def jobs(known: Known, person: str) -> list[tuple[str, date, date | None]]:
    """Employments: employer, first day, last day."""
    found: list[tuple[str, date, date | None]] = []
    for fact in known.about(person, "enrolled"):
        if fact["capacity"] == "employed":
            start = day(fact.get("employment_from") or fact["on"])
            ends = [
                day(f["on"])
                for f in known.about(person, "enrolment_ended")
                if f.get("employer") == fact["employer"] and day(f["on"]) >= start
            ]
            found.append((fact["employer"], start, min(ends) if ends else None))
    return sorted(found, key=lambda job: job[1])


@once
def payments(known: Known, person: str) -> list[Paid]:
    """Every month this person's payments cover in full, in the order of payment (SZ-10b)."""
    found: list[Paid] = []
    partial: dict[int, Decimal] = {}
    refunded = _refunded(known, person)
    wrong = _wrongly_paid(known, person)
    for fact in sorted(_payments_for(known, person), key=lambda f: day(f["on"])):
        capacity = fact.get("capacity") or "employed"
        covered = months(fact.get("months", []))
        if "amount" in fact:
            covered = _made_up(fact, covered, partial)
        for m in covered:
            if (capacity == "flexible" and m in refunded) or (capacity == "employed" and m in wrong):
                continue
            if capacity == "flexible" and not found and not _of_working_age(known, person, day(fact["on"])):
                continue
            base = money(fact["base"]) if "base" in fact else None
            with_maternity = capacity == "employed" and fact.get("maternity_included", True)
            found.append(
                Paid(
                    m,
                    day(fact["on"]),
                    capacity,
                    fact.get("employer"),
                    fact.get("mode", "combined"),
                    base,
                    with_maternity,
                    fact.get("purpose", "ordinary"),
                )
            )
    return found


def _payments_for(known: Known, person: str) -> list[Fact]:
    found = []
    for fact in known.of("contribution_paid"):
        if fact.get("person") == person:
            found.append(fact)
        elif "person" not in fact:
            held = months(fact.get("months", []))
            on_roll = [m for m in held if _on_roll(known, person, fact["employer"], m)]
            if on_roll:
                found.append(
                    {**fact, "person": person, "months": [f"{m // 12}-{m % 12 + 1:02d}" for m in on_roll]}
                )
    return found


def _on_roll(known: Known, person: str, employer: str, m: int) -> bool:
    return any(
        name == employer and month_of(start) <= m and (end is None or m <= month_of(end))
        for name, start, end in jobs(known, person)
    )


def _made_up(fact: Fact, covered: list[int], partial: dict[int, Decimal]) -> list[int]:
    """Months of a payment with an amount that are full with it: only equal part payments are understood."""
    if "base" not in fact or not covered:
        raise Unsure
    base, flexible = money(fact["base"]), fact.get("mode") == "pooling_only"
    parts = ("pooled", "large") if flexible else ("pooled", "large", "personal")
    needed = sum((cents(base * RATES[part]) for part in parts), Decimal(0))
    each = money(fact["amount"]) / len(covered)
    full = []
    for m in covered:
        partial[m] = partial.get(m, Decimal(0)) + each
        if partial[m] >= needed:
            full.append(m)
    return full


def first_employer_month(known: Known, person: str, year: int, until: date) -> int | None:
    """The first month of a year paid by an employer (SZ-12b)."""
    paid = [
        (day(f["on"]) <= until, m)
        for f in _payments_for(known, person)
        if (f.get("capacity") or "employed") == "employed" and "amount" not in f
        for m in months(f["months"])
        if m // 12 == year
    ]
    by_then = min((m for early, m in paid if early), default=None)
    if (
        paid
        and by_then != min(m for _, m in paid)
        and any(start <= until for _, start, _ in jobs(known, person))
    ):
        raise Unsure  # employed by then, but the employer paid its first month only after the request
    return by_then


def _refunded(known: Known, person: str) -> set[int]:
    """Prepaid flexible months given back after the person was employed (SZ-12b)."""
    gone: set[int] = set()
    for fact in known.about(person, "refund_requested"):
        if fact["scheme"] == "employee" and "year" in fact:
            start = first_employer_month(known, person, fact["year"], day(fact["on"]))
            if start is not None:
                gone |= set(range(start, fact["year"] * 12 + 12))
    return gone


def _wrongly_paid(known: Known, person: str) -> set[int]:
    """Months an employer declared wrongly and asked back (SZ-12a)."""
    gone: set[int] = set()
    for fact in known.about(person, "refund_requested"):
        if fact["scheme"] == "employee" and fact.get("cause") == "wrong_payment":
            gone |= set(months(fact.get("months", [])))
    return gone


def _of_working_age(known: Known, person: str, when: date) -> bool:
    """A first flexible payment from the 16th birthday to the statutory retirement (SZ-7b)."""
    if known.about(person, "opening_history", "opening_status", "transferred_in"):
        return True
    for fact in known.about(person, "person_registered"):
        if "born_on" in fact and when < plus_months(day(fact["born_on"]), 16 * 12):
            return False
        if "statutory_retirement_on" in fact and when >= day(fact["statutory_retirement_on"]):
            return False
    return True


@once
def opening_payments(known: Known, person: str) -> list[Paid]:
    """Local months before the ledger, each paid in its own month."""
    held = jobs(known, person)
    found: list[Paid] = []
    for fact in known.about(person, "opening_history"):
        for part in fact.get("history", []):
            if part.get("counted_as", "paid") != "paid" or part.get("where", "local") != "local":
                continue
            capacity = part.get("capacity") or "employed"
            employer = part.get("employer") or (held[0][0] if held else "?")
            mode = part.get("mode", "combined")
            for m in months(part.get("months", [])):
                own = employer if capacity == "employed" else None
                found.append(Paid(m, last(m), capacity, own, mode, None, capacity == "employed"))
    return found


@once
def elsewhere_until(known: Known, person: str) -> int | None:
    """Last month paid elsewhere before a transfer (SZ-14a)."""
    elsewhere: list[int] = []
    for fact in known.about(person, "transferred_in"):
        if fact.get("scheme", "employee") == "employee":
            if "last_paid_month" in fact:
                elsewhere.append(month(fact["last_paid_month"]))
            for part in fact.get("history", []):
                elsewhere += months(part.get("months", []))
    return max(elsewhere) if elsewhere else None
