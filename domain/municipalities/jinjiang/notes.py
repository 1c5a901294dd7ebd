"""Flags beside the answer on a claim."""

from domain.municipalities.jinjiang.bills import employee_days
from domain.municipalities.jinjiang.cases import outside_normal_month
from domain.municipalities.jinjiang.cover import status_on
from domain.municipalities.jinjiang.households import incomplete
from domain.municipalities.jinjiang.people import signed_off
from domain.municipalities.jinjiang.settle import Settled
from domain.rulebook.citation import Finding, joined
from domain.rulebook.view import View


def notes_of(view: View, person: str, settled: Settled) -> Finding[tuple[str, ...]]:
    """Flags beside an answer: they change nothing."""
    claim = settled.case.claim
    notes: list[str] = []
    because: tuple[str, ...] = ()
    if outside_normal_month(claim.on, settled.case.filed_on) and settled.reason != "filed_late":
        notes.append("filed_late")
        because = joined(because, ("JJ-7.4a",))
    if settled.reason == "documents_missing":
        notes.append("documents_missing")
    piece = status_on(view, person, claim.on)
    leaving = piece is not None and employee_days(view, claim, list(settled.items))
    if leaving and not signed_off(view, person):
        notes.append("exit_missing")
        because = joined(because, ("JJ-5.3c",))
    if piece is not None and incomplete(view, person, piece.enrolment):
        notes.append("household_incomplete")
        because = joined(because, ("JJ-3.1b",))
    return Finding(tuple(notes), because)
