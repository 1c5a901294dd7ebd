"""What an answer rests on: the consequences read for it, and the facts that the rules look at about the same subjects."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from domain.decisions.as_known import AsKnown
from domain.decisions.consequences import desired
from domain.events.consequences import Settlement
from domain.events.recorded import Advanced, Determined, Posted
from domain.facts import Fact
from domain.questions import kinds as ask
from domain.state.held import Held, Line
from ledger.from_tables import EVERYTHING, NEEDS
from ledger.resolve.changed import key_of
from ledger.store import Recorded, Store
from ledger.stored_book import RUNS, StoredBook

FEW = 50
"""Of so many subjects at most it is followed what the rules look at; questions about whole funds read everybody."""


class Looked(AsKnown):
    """The book as known at a moment, replayed from the log; notes what is looked at."""

    looked: dict[str, None]
    touched: dict[str, None]

    def note(self) -> "Looked":
        """Begin to note."""
        self.looked, self.touched = {}, {}
        return self

    def facts(self, key: str) -> Sequence[Fact]:
        """Facts under a key; noted."""
        self.looked[key] = None
        return super().facts(key)

    def held(self, subject: str) -> Held:
        """What was recorded about a subject by the moment; noted."""
        self.touched[subject] = None
        return super().held(subject)

    def journal(self, account: str) -> Sequence[Line]:
        """Lines of an account, of all subjects; whoever posted them is noted."""
        lines = super().journal(account)
        self.touched.update(dict.fromkeys(line.event.subject for line in lines))
        return lines


def consequences(known: Looked, question: ask.Question) -> list[Recorded]:
    """The events of which the answer is made, once the question has been answered from `known`."""
    book = known.book
    assert isinstance(book, StoredBook)
    found: list[Recorded] = []
    for subject in list(known.touched):
        rows = (row for row in book.store.stream(book.city, subject) if row.recorded <= known.moment)
        found += _chosen(question, [row for row in rows if not isinstance(row.event, Fact)])
    return found + _run(book.store, known)


def facts(known: Looked, question: ask.Question, made: Iterable[Recorded]) -> list[Recorded]:
    """The causes of the events, and every known fact under what the rules look at about the same subjects."""
    book = known.book
    assert isinstance(book, StoredBook)
    rows, subjects = list(made), list(known.touched)
    if len(subjects) <= FEW:
        for subject in subjects:
            desired(book.municipality, known.view(), subject)
    view = known.view()
    identifiers = {row.cause for row in rows if row.cause} | _asked_about(known, question)
    for key in list(known.looked):
        identifiers.update(fact.id for fact in view.known(key))
    return list(book.store.facts_known(book.city, sorted(identifiers)).values())


def _asked_about(known: Looked, question: ask.Question) -> set[str]:
    """The fact that a question is about, and the one that replaced or withdrew it."""
    if not isinstance(question, ask.Acceptance):
        return set()
    replaced = known.replaced(question.id)
    later = {replaced[1]} if replaced is not None and replaced[0] <= known.moment else set()
    return {question.id, *later}


def _chosen(question: ask.Question, rows: Sequence[Recorded]) -> Iterator[Recorded]:
    """Of the consequences of one subject those that the question reads."""
    kinds, journal = NEEDS.get(_name(question), EVERYTHING)
    until = getattr(question, "on", None) or date.max
    last = {key_of(row.event): row.position for row in rows if isinstance(row.event, Determined)}
    for row in rows:
        event = row.event
        if isinstance(question, ask.Claim):
            if _of_claim(event, question.claim):
                yield row
        elif isinstance(event, Posted):
            if journal and event.on <= until and _touches(event, _account(question)):
                yield row
        elif isinstance(event, Determined):
            key = event.record.key
            if last[key] == row.position and key.split("/", 1)[0] in kinds:
                yield row


def _of_claim(event: Any, claim: str) -> bool:
    """Every version of its settlement, and every posting under its name."""
    if isinstance(event, Determined):
        return isinstance(event.record, Settlement) and event.record.claim == claim
    return isinstance(event, Posted) and claim in event.key.replace(":", "/").split("/")


def _account(question: ask.Question) -> str | None:
    """The only account that the question reads; None for all."""
    match question:
        case ask.PersonalAccount(person=person):
            return f"personal_account:{person}"
        case ask.FamilyAccount(household=household):
            return f"family_account:{household}"
        case ask.FundAccount(fund=fund):
            return f"fund:{fund}"
    return None


def _touches(event: Posted, account: str | None) -> bool:
    return account is None or any(posting.account == account for posting in event.postings)


def _run(store: Store, known: Looked) -> list[Recorded]:
    """The run that recorded the passing of time up to the day of the moment, if there was one."""
    for row in store.stream(known.book.municipality.code, RUNS):
        if (
            isinstance(row.event, Advanced)
            and row.event.to >= known.moment.day
            and row.recorded <= known.moment
        ):
            return [row]
    return []


def _name(question: ask.Question) -> str:
    return str(question.__struct_config__.tag)
