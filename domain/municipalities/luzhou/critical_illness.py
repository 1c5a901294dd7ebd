"""Critical-illness insurance of residents: the premium from the pooled fund (第五十二条)."""

from collections.abc import Iterator
from datetime import date

from domain.events.consequences import BenefitPeriod, Entry, LayerCover, Posting
from domain.municipalities.luzhou.standing import resident_periods
from domain.rulebook.announcements import announcement, fen_in
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import AnnouncementKey, Layer, Status


@rule("LZ-52a", article="第五十二条")
def premium_postings(premium: int) -> tuple[Posting, ...]:
    """The premium of a covered resident goes from the resident pooled fund to the insurer (fen)."""
    return (
        Posting("fund:resident_pooled", -premium, "layer_premiums"),
        Posting("insurer:critical_illness", premium),
    )


@per_view
def first_days(view: View, person: str) -> tuple[tuple[date, int | None], ...]:
    """The first day of resident cover in each calendar year, with the tier."""
    found: dict[int, tuple[date, int | None]] = {}
    for period in resident_periods(view, person):
        if period.status is not Status.COVERED or period.problem is not None:
            continue
        for year in range(period.from_.year, _last_year(period.from_, period.to) + 1):
            day = max(period.from_, date(year, 1, 1))
            if year not in found or day < found[year][0]:
                found[year] = (day, period.tier)
    return tuple(found[year] for year in sorted(found))


def critical_illness(view: View, person: str) -> Iterator[Entry | LayerCover]:
    """Premiums and days of cover of a resident."""
    yield from premium_entries(view, person)
    yield from covers(view, person)


def premium_entries(view: View, person: str) -> Iterator[Entry]:
    """One premium a year, on the first day of the member's cover in the year; none before it is announced."""
    key = AnnouncementKey.CRITICAL_ILLNESS_PREMIUM
    for day, tier in first_days(view, person):
        found = announcement(view, key, day, tier=tier)
        if found is None or not isinstance(found.value, str):
            continue
        finding = premium_postings(fen_in(found.value))
        yield Entry(
            name=f"critical_illness_premium/{day.year}",
            on=day,
            postings=finding.value,
            person=person,
            because=finding.because,
        )


@rule("LZ-50a", article="第五十条")
def insured_with(period: BenefitPeriod) -> bool:
    """Every resident whom the scheme covers is insured for critical illness by the agency."""
    return period.status is Status.COVERED and period.problem is None


def covers(view: View, person: str) -> Iterator[LayerCover]:
    """Days on which critical-illness insurance covers a resident: those of unbroken basic cover."""
    stretches: dict[date, tuple[date | None, tuple[str, ...]]] = {}
    for period in resident_periods(view, person):
        finding = insured_with(period)
        if finding.value:
            start = period.covered_from or period.from_
            stretches[start] = (period.covered_to, (*finding.because, "LZ-52a"))
    for start, (end, because) in stretches.items():
        yield LayerCover(person=person, layer=Layer.CRITICAL_ILLNESS, from_=start, to=end, because=because)


def _last_year(from_: date, to: date | None) -> int:
    """The last calendar year of a stretch of cover; an open one is reckoned for its first year."""
    if to is None or to == FAR_FUTURE:
        return from_.year
    return to.year if (to.month, to.day) != (1, 1) else to.year - 1
