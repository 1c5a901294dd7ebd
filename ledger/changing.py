"""What changed between two moments of knowledge, for everyone of an employer or of a whole city."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from domain.facts import AnyFact
from domain.facts.references import of_kind
from domain.questions.writing import answer_json
from domain.rulebook.view import RESULT
from domain.values.calendar import Moment
from ledger.store import Store
from projections.folds.changes import changes

if TYPE_CHECKING:
    from ledger.handle import Ledger


def changed_subjects(
    ledger: "Ledger", city: str, before: Moment, known: Moment, employer: str = ""
) -> Iterator[dict[str, Any]]:
    """Each subject about which something changed, with its changes; those of an employer's roll, or all."""
    earlier = ledger.as_known(city, before, source="replay")
    later = ledger.as_known(city, known, source="replay")
    names = {*ledger.store.recorded_between(city, before, known), *later.book.due_subjects(known)}
    if employer:
        names &= on_roll(ledger.store, city, employer)
    for subject in sorted(names):
        found = changes(earlier.current(subject), later.current(subject)).value.changes
        if found:
            yield {"subject": subject, "changes": [answer_json(change) for change in found]}


def on_roll(store: Store, city: str, employer: str) -> set[str]:
    """An employer, and every person whose results were drawn from what is known of it."""
    key = f"employer:{employer}"
    waiting, found = [key, *(of_kind(key, kind) for kind in AnyFact.__args__)], {key}
    while waiting:  # results that several subjects share stand between an employer and its people
        looked = {name for names in store.dependents(city, waiting).values() for name in names} - found
        found |= looked
        waiting = [name for name in looked if name.startswith(RESULT)]
    return {subject for subject in found if subject.startswith(("person:", "employer:"))}
