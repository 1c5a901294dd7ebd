"""Contributions as they reach the funds, and what refunds take back. Money in fen."""

from collections.abc import Iterator

from domain.errors import Unanswerable
from domain.events.consequences import Entry, Posting
from domain.facts import ContributionPaid, LateFeeImposed, LumpSumPaid, ResidentContributionPaid
from domain.municipalities.suizhou.bases import base_of_employer, maternity_rate, month_rates
from domain.municipalities.suizhou.lump_sum import bought, price
from domain.municipalities.suizhou.payments import PaidMonth, received_payments, refunded
from domain.municipalities.suizhou.policy import figure, in_force
from domain.municipalities.suizhou.refunds import components, refund_of, resident_paid
from domain.municipalities.suizhou.resident import entries as resident_entries
from domain.municipalities.suizhou.resident_refund import granted, requests, taken_back
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.money import share
from domain.values.terms import Mode

CONTRIBUTIONS = "contributions"


@rule("SZ-65c", article="第六十五条")
def fund_of_component(component: str) -> str:
    """The large-amount part is booked in its own account, maternity in its sub-account of the pooled fund."""
    names = {"pooled": "employee_pooled", "large": "large_amount", "maternity": "maternity"}
    return f"fund:{names[component]}"


def person_entries(view: View, person: str) -> Iterator[Entry]:
    """Contributions of one person: each month that was paid for this person alone, residents, lump sums."""
    alone = {p.id for p in view.facts(ContributionPaid, person=person) if p.person == person}
    for paid in received_payments(view, person).values():
        if paid.fact in alone:
            yield from _month(view, person, paid)
    yield from _refunds(view, person)
    yield from _residents(view, person)
    yield from _lump_sums(view, person)


def _payer(person: str, paid: PaidMonth) -> str:
    if paid.employer is not None:
        return f"employer:{paid.employer}"
    return "area:unemployment_fund" if paid.payer == "fund" else f"member:{person}"


def _month(view: View, person: str, paid: PaidMonth) -> Iterator[Entry]:
    try:
        parts = components(view, person, paid)
    except Unanswerable as error:
        if error.code == "announcement_missing":
            yield Entry(
                name=f"contribution/{paid.month}/{paid.payer}", on=paid.paid_on, waiting_for=error.name
            )
        return
    amounts = {"pooled": parts.pooled, "large": parts.large, "maternity": parts.maternity}
    funds = [
        Posting(fund_of_component(name).value, fen, CONTRIBUTIONS) for name, fen in amounts.items() if fen
    ]
    total = sum(amounts.values())
    yield Entry(
        name=f"contribution/{paid.month}/{paid.payer}",
        on=paid.paid_on,
        month=paid.month,
        postings=(*funds, Posting(_payer(person, paid), -total)),
        because=("SZ-13a",) if paid.payer == "fund" else ("SZ-11a",) if paid.payer == "self" else ("SZ-9c",),
    )


def _refunds(view: View, person: str) -> Iterator[Entry]:
    for request in {r.id: r for r in refunded(view, person).values()}.values():
        try:
            refund = refund_of(view, person, request)
            parts = [components(view, person, paid) for paid in refund.months]
        except Unanswerable:
            continue
        from domain.municipalities.suizhou.account import ledger

        taken = ledger(view, person).drawn.get(request.id, 0)
        amounts = {
            "pooled": sum(p.pooled for p in parts),
            "large": sum(p.large for p in parts),
            "maternity": sum(p.maternity for p in parts),
        }
        funds = [
            Posting(fund_of_component(name).value, -fen, "refunds") for name, fen in amounts.items() if fen
        ]
        receiver = f"employer:{request.employer}" if request.employer else f"member:{person}"
        total = sum(amounts.values()) + taken
        yield Entry(
            name=f"refund/{request.id}/funds",
            on=request.on,
            postings=(*funds, Posting(f"refund:{request.id}", -taken), Posting(receiver, total)),
            because=refund.because,
        )


def _residents(view: View, person: str) -> Iterator[Entry]:
    good = {e.fact: e for e in resident_entries(view, person) if e.reason is None and e.problem is None}
    sums: dict[str, tuple[int, int]] = {}
    for payment in view.facts(ResidentContributionPaid, person=person):
        if payment.id not in good:
            continue
        try:
            own, help_ = resident_paid(view, person, payment)
        except Unanswerable as error:
            if error.code == "announcement_missing":
                yield Entry(name=f"resident/{payment.id}", on=payment.on, waiting_for=error.name)
            continue
        request = taken_back(view, person, payment.year, payment)
        if request is not None:
            before = sums.get(request.id, (0, 0))
            sums[request.id] = before[0] + own, before[1] + help_
        yield Entry(
            name=f"resident/{payment.id}",
            on=payment.on,
            postings=_resident_postings(person, own, help_, CONTRIBUTIONS),
            because=("SZ-36d", "SZ-39a") if help_ else ("SZ-36d",),
        )
    for request in requests(view, person):
        if request.id in sums:
            allowed = granted(view, person, request)
            own, help_ = sums.pop(request.id)
            yield Entry(
                name=f"refund/{request.id}",
                on=request.on,
                postings=_resident_postings(person, -own, -help_, "refunds"),
                because=allowed.because,
            )


def _resident_postings(person: str, own: int, help_: int, use: str) -> tuple[Posting, ...]:
    found = (
        Posting("fund:resident_pooled", own + help_, use),
        Posting(f"member:{person}", -own),
        Posting("government:subsidiser", -help_),
    )
    return tuple(posting for posting in found if posting.fen)


def _lump_sums(view: View, person: str) -> Iterator[Entry]:
    for paid in view.facts(LumpSumPaid, person=person):
        if not in_force(view, paid.on):
            continue
        count, mode, _ = bought(view, person, paid)
        try:
            priced = price(view, person, count, mode, paid.on)
        except Unanswerable as error:
            if error.code == "announcement_missing":
                yield Entry(name=f"lump/{paid.id}", on=paid.on, waiting_for=error.name)
            continue
        large = sum(step.large for step in priced.value[1])
        total = sum(step.total for step in priced.value[1])
        whole = int(paid.amount) if paid.amount is not None else total
        yield Entry(
            name=f"lump/{paid.id}",
            on=paid.on,
            postings=(
                Posting("fund:employee_pooled", whole - large, CONTRIBUTIONS),
                Posting("fund:large_amount", large, CONTRIBUTIONS),
                Posting(f"member:{person}", -whole),
            ),
            because=priced.because,
        )


@rule("SZ-76a", article="第七十四条、第七十六条")
def recorded_surcharge(amount: int) -> int:
    """A late-payment surcharge is recorded when it is imposed and never calculated here."""
    return amount


def employer_entries(view: View, employer: str) -> Iterator[Entry]:
    """What an employer paid for everybody on its roll, and surcharges imposed on it."""
    seen = set()
    for payment in view.facts(ContributionPaid, employer=employer):
        if payment.person is not None or payment.months is None or not in_force(view, payment.on):
            continue
        for month in payment.months:
            if month in seen:
                continue
            seen.add(month)
            name = f"contribution/{month}"
            try:
                base = int(payment.base) if payment.base else base_of_employer(view, employer, month).value
            except Unanswerable as error:
                yield Entry(name=name, on=payment.on, waiting_for=error.name, because=error.because)
                continue
            rates = month_rates(view, month, Mode.COMBINED)
            part = maternity_rate(
                figure(view, "contribution.maternity_rate", month.first_day),
                payment.maternity_included is not False,
            ).value
            amounts = {
                "pooled": share(base, rates["pooled"]),
                "large": share(base, rates["large_amount"]),
                "maternity": share(base, part),
            }
            funds = [
                Posting(fund_of_component(n).value, fen, CONTRIBUTIONS) for n, fen in amounts.items() if fen
            ]
            yield Entry(
                name=name,
                on=payment.on,
                month=month,
                postings=(*funds, Posting(f"employer:{employer}", -sum(amounts.values()))),
                because=("SZ-9b", "SZ-9c", "SZ-9d", "SZ-65c"),
            )
    for fee in view.facts(LateFeeImposed, employer=employer):
        amount = recorded_surcharge(fee.amount)
        yield Entry(
            name=f"late_fee/{fee.id}",
            on=fee.on,
            postings=(
                Posting("treasury:city", amount.value, "late_fee"),
                Posting(f"employer:{employer}", -amount.value),
            ),
            because=amount.because,
        )
