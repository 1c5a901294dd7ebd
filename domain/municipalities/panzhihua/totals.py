"""What a person has used in a calendar year (年度累计)."""

from datetime import date

from domain.errors import Unanswerable
from domain.municipalities.panzhihua.announced import terms
from domain.municipalities.panzhihua.settlement import settlements
from domain.questions.answers import YearTotalsAnswer
from domain.rulebook.announcements import fen_in
from domain.rulebook.citation import joined
from domain.rulebook.view import View
from domain.values.terms import AnnouncementKey as Key
from domain.values.terms import ClaimKind, Layer


def year_totals(view: View, person: str, year: int) -> tuple[YearTotalsAnswer, tuple[str, ...]]:
    """Stays, payments, burden and what is left of the annual cap, in fen."""
    known = settlements(view, person)
    counters = known.counters
    pooled = counters.of("inpatient", year)
    cap = annual_cap(view, _cap_day(view, person, year))
    because = joined(("PZ-12d",), *(done.because for done in known.settled if done.day.year == year))
    answer = YearTotalsAnswer(
        stays=counters.of("stays", year),
        pooled=pooled,
        cap=cap,
        cap_left=None if cap is None else max(0, cap - pooled),
        burden=counters.of("burden", year),
        supplement={
            Layer.CRITICAL_ILLNESS: counters.of("critical_illness", year),
            Layer.MEDICAL_ASSISTANCE: counters.of("medical_assistance", year),
        },
        ordinary_outpatient=counters.of("ordinary", year),
        two_disease=counters.of("two_disease", year) or counters.of("medication", year),
        special_disease=counters.of("special", year),
    )
    return answer, because


def _cap_day(view: View, person: str, year: int) -> date:
    """The day of the last stay of the year, or else of the last claim; without one the present day in the year."""
    paid = [
        done
        for done in settlements(view, person).settled
        if done.answer is not None and done.day.year == year
    ]
    stays = [done.day for done in paid if done.claim.kind is ClaimKind.INPATIENT]
    last = max(stays or [done.day for done in paid], default=None)
    return last or min(max(view.today, date(year, 1, 1)), date(year, 12, 31))


def annual_cap(view: View, day: date) -> int | None:
    """The cap of payments for stays in force on a day, or None while it is not announced."""
    try:
        announced = terms(view, Key.INPATIENT_TERMS, day)
        return fen_in(
            announced["annual_cap"] if "annual_cap" in announced else terms(view, Key.ANNUAL_CAP, day)
        )
    except Unanswerable:
        return None
