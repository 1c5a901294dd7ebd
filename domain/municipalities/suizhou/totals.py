"""What the claims of a year add up to, and the layers that stand behind each scheme. Money in fen."""

from collections.abc import Iterator
from datetime import date

from domain.events.consequences import LayerCover, YearTotal
from domain.municipalities.suizhou.opening_counters import opening
from domain.municipalities.suizhou.policy import in_force
from domain.municipalities.suizhou.schemes import employee_cover_as_paid, resident_cover
from domain.municipalities.suizhou.settlement import settled
from domain.municipalities.suizhou.stay import cap_of
from domain.municipalities.suizhou.supplement import LAYERS
from domain.municipalities.suizhou.tally import Tally
from domain.questions.answers import YearTotalsAnswer
from domain.questions.kinds import YearTotals
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import Layer, Scheme, Status


def year_answer(view: View, person: str, scheme: Scheme, year: int) -> YearTotalsAnswer:
    """Counters of a year as known: what claims and the opening add up to, without reversed claims."""
    tally = Tally(opening(view, person))
    for each in settled(view, person):
        if each.reversed_on is None:
            tally.add(each.delta)
    cap = cap_of(view, scheme, date(year, 12, 31))
    pooled = tally.year(scheme, year, "pooled")
    return YearTotalsAnswer(
        stays=tally.year(scheme, year, "stays"),
        pooled=pooled,
        cap=cap,
        cap_left=max(0, cap - pooled),
        burden=tally.year(scheme, year, "burden"),
        supplement={LAYERS[scheme]: tally.year(scheme, year, "supplement")},
        ordinary_outpatient=tally.year(scheme, year, "ordinary"),
        two_disease=tally.year(scheme, year, "two_disease"),
        special_disease=tally.year(scheme, year, "special"),
    )


def year_totals(view: View, person: str) -> Iterator[YearTotal]:
    """Totals of every scheme and year in which something happened."""
    names = dict(opening(view, person))
    for each in settled(view, person):
        names.update(each.delta)
    years = {tuple(name.split("/")[:2]) for name in names if name.startswith(("employee/", "resident/"))}
    for scheme, year in sorted(years):
        if not in_force(view, date(int(year), 12, 31)):
            continue
        own = next(each for each in Scheme if str(each) == scheme)
        caps = ("SZ-24a", "SZ-57a") if own is Scheme.EMPLOYEE else ("SZ-49a", "SZ-57a")
        yield YearTotal(
            person=person,
            scheme=own,
            year=int(year),
            answer=year_answer(view, person, own, int(year)),
            because=caps,
        )


def ask_year_totals(view: View, question: YearTotals) -> Finding[YearTotalsAnswer]:
    """Totals of a year in which nothing was recorded."""
    return Finding(year_answer(view, question.person, question.scheme, question.year), ("SZ-57a",))


@rule("SZ-2a", article="第二条、第七条、第十九条、第四十三条")
def attached_layer(scheme: Scheme) -> Layer:
    """Large-amount supplement always goes with the employee scheme, critical illness with the resident scheme."""
    return LAYERS[scheme]


def layer_covers(view: View, person: str) -> Iterator[LayerCover]:
    """Cover by the attached layers runs with the cover of the scheme."""
    for scheme, pieces in (
        (Scheme.EMPLOYEE, employee_cover_as_paid(view, person)),
        (Scheme.RESIDENT, tuple((p.from_, p.to, p.status) for p in resident_cover(view, person))),
    ):
        layer = attached_layer(scheme)
        start = end = None
        for from_, to, status in (*pieces, (FAR_FUTURE, None, Status.NONE)):
            if start is not None and (status is not Status.COVERED or from_ != end):
                until = None if end == FAR_FUTURE else end
                yield LayerCover(
                    person=person, layer=layer.value, from_=start, to=until, because=layer.because
                )
                start = None
            if status is Status.COVERED:
                start = from_ if start is None else start
                end = to or FAR_FUTURE
