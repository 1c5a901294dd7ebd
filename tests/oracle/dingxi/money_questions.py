"""What is due for months, what arrears come to, what was paid too much (DX-10 to DX-13, DX-44a)."""

from .basics import Answer, day, fen, first_day, last_day, month_of, months, part, rounded, yuan
from .fees import fee
from .known import World
from .months import Share, allotted, mode_due, paid_months, payments, share
from .runs import retirement_month


def standing_of_month(world: World, person: str, number: int) -> tuple[str, str, str | None] | None:
    """Capacity, mode and employer in which a month is owed: of the enrolment, else of the month paid last."""
    told = [f for f in world.of("enrolled", person=person) if f.get("scheme", "employee") == "employee"]
    found = None
    for fact in sorted(told, key=lambda each: day(each["on"])):
        ends = [
            day(f["on"])
            for f in world.of("enrolment_ended", person=person, employer=fact.get("employer"))
            if day(f["on"]) >= day(fact["on"]) and f.get("capacity") in (None, fact["capacity"])
        ]
        if day(fact["on"]) <= last_day(number) and not any(end < first_day(number) for end in ends):
            found = (fact["capacity"], fact.get("mode") or "combined", fact.get("employer"))
    paid = paid_months(world, person)
    if number in paid:
        found = paid[number].capacity, paid[number].mode, paid[number].employer
    if found is None:
        before = [n for n in paid if n <= number and paid[n].source != "elsewhere"]
        if not before or world.of("enrolment_ended", person=person):
            return None
        last = paid[max(before)]
        found = last.capacity, last.mode, last.employer
    if found[0] == "flexible":
        return "flexible", mode_due(world, person, number) or found[1], None
    return found


def contribution_due(world: World, question: Answer) -> Answer | None:
    person = question.get("person")
    if person is None:
        return None
    if question.get("layer") == "large_amount":
        employer, member = fee(world, person, question["year"])
        return {"employer": yuan(employer), "member": yuan(member), "total": yuan(employer + member)}
    if question.get("months") is None:
        return _year_due(world, person, question["year"])
    told = months(question["months"])
    if len(told) != 1 or first_day(told[0]).year < 2024 or world.outside_scheme(person, first_day(told[0])):
        return None
    owed = standing_of_month(world, person, told[0])
    retires = retirement_month(world, person)
    if owed is None or (retires is not None and told[0] > retires):
        return None
    cost = share(world, person, *owed, told[0])
    answer = {"base": yuan(cost.base), "monthly": yuan(cost.total)}
    if owed[0] == "employed":
        answer |= {"employer": yuan(cost.employer), "member": yuan(cost.member)}
    return answer


def _year_due(world: World, person: str, year: int) -> Answer | None:
    """A flexible member's year in one sum, from the first month owed (DX-11b)."""
    paid = paid_months(world, person)
    enrolled = [month_of(day(f["on"])) for f in world.of("enrolled", person=person)]
    start = max(year * 12, min([*paid, *enrolled], default=year * 12))
    owed = [standing_of_month(world, person, n) for n in range(start, year * 12 + 12)]
    if any(each is None or each != owed[0] or each[0] != "flexible" for each in owed):
        return None
    costs = [share(world, person, *each, start) for each in owed if each]
    return {
        "base": yuan(costs[0].base),
        "monthly": yuan(costs[0].total),
        "total": yuan(sum(each.total for each in costs)),
    }


def back_payment(world: World, question: Answer) -> Answer | None:
    """The months asked for, or all that are missed and unpaid."""
    person = question.get("person")
    if person is None or not question.get("months") or day(question["on"]) >= world.ends:
        return None
    told = months(question["months"])
    retires = retirement_month(world, person)
    if retires is not None and told[-1] > retires:
        return None
    owed = [standing_of_month(world, person, n) for n in told]
    if any(each is None or each[0] != "employed" for each in owed):
        return None
    costs = [share(world, person, *each, n) for each, n in zip(owed, told, strict=True) if each]
    employer, member = sum(c.employer for c in costs), sum(c.member for c in costs)
    answer: Answer = {"employer": yuan(employer), "member": yuan(member)}
    if len(told) > 1:
        return answer | {"amount": yuan(employer + member)}
    return _of_one_month(world, person, told[0], costs[0], answer)


def _of_one_month(world: World, person: str, number: int, cost: Share, answer: Answer) -> Answer | None:
    """What was open of a month until it was whole, and the surcharge on that (DX-12b)."""
    paid = paid_months(world, person).get(number)
    if paid is None or paid.source != "local":
        return None
    parts = [each for each in payments(world, person)[number] if each.fact.get("amount") is not None]
    before = [each for each in parts if each.paid_on < paid.paid_on and each.capacity == paid.capacity]
    left = max(0, cost.total - sum(allotted(world, person, each, number) or 0 for each in before))
    closed = [day(f["on"]) for f in world.of("employer_reorganised", employer=paid.employer)]
    due = min([last_day(number), *(each for each in closed if month_of(each) == number)])
    late = max(0, (paid.paid_on - due).days)
    answer |= {"amount": yuan(left), "base": yuan(cost.base), "late_days": late}
    if late:
        rate = part(world.announced("late_fee_daily_rate", paid.paid_on))
        # A part that was itself late bears a surcharge of its own; whether this question adds it is not said.
        if not any(each.paid_on > due for each in before):
            answer["late_fee"] = yuan(rounded(left * rate * late))
    return answer


def refund_due(world: World, question: Answer) -> Answer | None:
    """Money held because a month was paid twice or at too high a rate (DX-11d, 11e)."""
    person, held = question["person"], 0
    if world.of("retired", person=person):
        return None
    for number, every in payments(world, person).items():
        told = [each for each in every if not world.outside_scheme(person, each.paid_on)]
        if any(each.fact.get("amount") is not None for each in told):
            return None
        wanted = mode_due(world, person, number)
        kinds = {each.capacity for each in told}
        if len(told) > 1 and kinds != {"employed", "flexible"}:
            return None
        for each in told:
            if each.capacity == "flexible":
                small = wanted == "pooling_only" and each.mode == "combined"
                if len(kinds) > 1 or small:
                    held += share(world, person, "flexible", each.mode, None, number).total
                if len(kinds) == 1 and small:
                    held -= share(world, person, "flexible", "pooling_only", None, number).total
    held -= sum(fen(f["amount"]) for f in world.of("refund_paid", person=person))
    return {"amount": yuan(held)} if held > 0 else None
