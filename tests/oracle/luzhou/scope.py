"""What of a bill is in scope, and by which row a provider pays (LZ-27, 30, 34, 36b, 37, 39)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.oracle.luzhou.days import after, day, fen, round2
from tests.oracle.luzhou.employee import Status
from tests.oracle.luzhou.knowledge import Fact, World

THRESHOLD = {"examination": 20000, "treatment": 50000, "surgery": 100000}
CENTRES = ("township_health_centre", "community_health_centre")
EMPLOYEE = {
    "T": ((50000, "0.90"), (40000, "0.96")),
    "C": ((50000, "0.90"), (40000, "0.96")),
    "2": ((60000, "0.85"), (50000, "0.92")),
    "3": ((70000, "0.80"), (60000, "0.88")),
}
RESIDENT = {
    "T": (20000, "0.85", "0.90"),
    "C": (30000, "0.80", "0.85"),
    "2": (40000, "0.75", "0.80"),
    "3": (80000, "0.50", "0.60"),
}


@dataclass
class Row:
    """Standard deductible and rate of the table cell; `name` is the row of LZ-30."""

    name: str
    deductible: int
    rate: str


@dataclass
class Bill:
    """Total, in-scope expense and class B own share of one calendar year, in fen."""

    total: int = 0
    in_scope: int = 0
    upfront: int = 0


def class_share(governs: Status) -> Fraction:
    if governs.scheme == "employee":
        return Fraction("0.9")
    return Fraction("0.7") if governs.tier == 1 else Fraction("0.8")


def bills(facts: list[Fact], governs: Status, unsplit: int | None) -> dict[int, Bill]:
    """The bill by calendar year, or all of it under one year (`unsplit`)."""
    found: dict[int, Bill] = {}
    exact: dict[int, tuple[Fraction, Fraction]] = {}
    for fact in facts:
        for row in fact.get("totals", []):
            bill = found.setdefault(unsplit or int(row["year"]), Bill())
            bill.total += fen(row["total"])
            bill.in_scope += fen(row.get("in_scope", row["total"]))
        for line in fact.get("lines", []):
            year = unsplit or day(line.get("on") or fact["on"]).year
            bill = found.setdefault(year, Bill())
            billed, inside, upfront = _line(line, class_share(governs))
            bill.total += round2(billed)
            before = exact.get(year, (Fraction(0), Fraction(0)))
            exact[year] = (before[0] + inside, before[1] + upfront)
    for year, (inside, upfront) in exact.items():
        found[year].in_scope += round2(inside)
        found[year].upfront += round2(upfront)
    return found


def _line(line: Fact, of_class_b: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    """Billed amount, in-scope amount and own share of class B of one line."""
    if "amount" in line:
        unit, count = Fraction(fen(line["amount"])), Fraction(1)
    else:
        unit, count = Fraction(fen(line["unit_price"])), Fraction(line.get("quantity", "1"))
    standard = Fraction(fen(line["price_standard"])) if "price_standard" in line else None
    tested = unit if standard is None else standard
    kind, item = line["class"], line.get("item", "other")
    if kind == "A" and tested >= THRESHOLD.get(item, 10**12):
        kind = "B"
    used = unit if standard is None else min(unit, standard)
    if item == "material" and "limit_price" in line:
        used = min(used, Fraction(fen(line["limit_price"])))
    if kind == "C" or line.get("outside", {}).get("approved") is False:
        return unit * count, Fraction(0), Fraction(0)
    rate = {"A": Fraction(1), "B": of_class_b}[kind]
    return unit * count, used * count * rate, used * count * (1 - rate)


def in_area(provider: Fact) -> bool:
    return str(provider["place"]).startswith("5105")


def registration(world: World, person: str, when: date) -> Fact | None:
    """Registration for residence elsewhere in force on a day (LZ-37a)."""
    found: Fact | None = None
    for fact in world.of("out_of_area_registered", person=person):
        if fact["category"] not in ("settled_retiree", "stationed_office", "posted_worker"):
            continue
        if registration_refused(world, fact):
            continue
        start, end = day(fact.get("from") or fact["on"]), fact.get("to")
        ended = [
            day(f["on"])
            for f in world.of("approval_ended", person=person, approval="out_of_area")
            if day(f["on"]) > start or day(f["on"]) == start
        ]
        if start <= when and (end is None or when < day(end)) and not any(e <= when for e in ended):
            found = fact
    return found


def registration_refused(world: World, fact: Fact) -> bool:
    """LZ-37b: another prefecture inside the year from an earlier registration."""
    when = day(fact["on"])
    if fact["category"] == "posted_worker" and fact.get("transfer_document"):
        return False
    for other in world.of("out_of_area_registered", person=fact["person"]):
        start = day(other.get("from") or other["on"])
        free = date(start.year + 1, start.month, start.day) if (start.month, start.day) != (2, 29) else None
        if other is fact or day(other["on"]) > when or registration_refused_before(world, other, fact):
            continue
        if str(other["place"])[:4] != str(fact["place"])[:4] and start <= when < (free or after(start, 366)):
            return True
    return False


def registration_refused_before(world: World, other: Fact, fact: Fact) -> bool:
    return other["on"] >= fact["on"] or registration_refused(world, other)


def treated_in_area(world: World, person: str, provider: Fact, governs: Status, admitted: date) -> bool:
    if in_area(provider):
        return True
    place = str(provider["place"])[:4]
    if governs.scheme == "employee":
        fact = registration(world, person, admitted)
        return fact is not None and str(fact["place"])[:4] == place
    if not world.in_group(person, "university_student", admitted):
        return False
    return any(
        day(f.get("from") or f["on"]) <= admitted < day(f["to"])
        for f in world.of("absence_recorded", person=person)
    )


def referred_out(world: World, person: str, provider: Fact, admitted: date) -> bool:
    """LZ-36b: sent by a public hospital of grade 2-A or more, filed at most 7 days before admission."""
    for fact in world.of("patient_referred", person=person):
        target = fact.get("to_provider") == provider["provider"] or (
            str(fact.get("to_place", "------"))[:4] == str(provider["place"])[:4]
        )
        if not target or not fact.get("filed_on"):
            continue
        filed = day(fact["filed_on"])
        if filed <= admitted <= after(filed, 7) and _may_refer(world, person, fact, filed):
            return True
    return False


def _may_refer(world: World, person: str, fact: Fact, when: date) -> bool:
    if "from_provider" not in fact:
        level, grade = fact.get("from_level", 0), fact.get("from_grade")
        return level == 3 or (level == 2 and grade == "A")
    sender = world.provider(fact["from_provider"], when)
    public = sender.get("ownership", "public") != "private"
    level = sender.get("level", 0)
    return public and (level == 3 or (level == 2 and sender.get("grade") == "A"))


def local_row(provider: Fact) -> str:
    level = provider.get("level", 0)
    if provider.get("kind") in CENTRES:
        return "T"
    if level <= 1:
        return "T" if provider.get("locality", "town") == "township" else "C"
    return str(level)


def row(world: World, person: str, provider: Fact, governs: Status, admitted: date, emergency: bool) -> Row:
    if treated_in_area(world, person, provider, governs, admitted):
        name = local_row(provider)
        if governs.scheme == "employee":
            deductible, rate = EMPLOYEE[name][governs.capacity == "retired"]
            return Row(name, deductible, rate)
        cell = RESIDENT[name]
        rate = cell[1] if governs.tier == 1 else cell[2]
        if name == "T" and provider.get("kind") in CENTRES and provider.get("essential_medicines"):
            rate = "0.90" if governs.tier == 1 else "0.95"
        return Row(name, cell[0], rate)
    if governs.scheme == "employee":
        better = emergency or referred_out(world, person, provider, admitted)
        return Row("O", 100000, "0.75" if better else "0.70")
    rates = ("0.45", "0.50") if provider.get("level", 0) == 3 else ("0.50", "0.55")
    return Row("O", 90000, rates[governs.tier == 2])
