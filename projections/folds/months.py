"""Contribution months counted on a day."""

from datetime import date

from domain.events.consequences import CountedMonths
from domain.questions.answers import ContributionMonthsAnswer
from domain.rulebook.citation import Finding
from domain.state.held import Held
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import CountedAs, Scheme


def contribution_months(held: Held, scheme: Scheme, on: date) -> Finding[ContributionMonthsAnswer]:
    """Totals of the months that count on a day; each calendar month once."""
    counts = dict.fromkeys(CountedAs, 0)
    local = transferred = 0
    in_year: dict[str, int] = {}
    because: dict[str, None] = {}
    for block in held.of(CountedMonths):
        if block.scheme is not scheme or not block.from_ <= on < (block.to or FAR_FUTURE):
            continue
        because.update(dict.fromkeys(block.because))
        counts[block.counted_as] += block.count
        transferred += block.count if block.transferred else 0
        if block.counted_as is CountedAs.PAID:
            local += block.count if block.local else 0
            if block.month is not None:
                year = str(block.month.year)
                in_year[year] = in_year.get(year, 0) + 1
    answer = ContributionMonthsAnswer(
        total=sum(counts.values()),
        paid=counts[CountedAs.PAID],
        local_paid=local,
        deemed=counts[CountedAs.DEEMED],
        converted=counts[CountedAs.CONVERTED],
        transferred=transferred,
        in_year=dict(sorted(in_year.items())),
    )
    return Finding(answer, tuple(because))
