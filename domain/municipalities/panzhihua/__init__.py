"""攀枝花市城乡居民医疗保险办法: the table of contents of the policy."""

from collections.abc import Iterable

from domain.events.consequences import Consequence
from domain.municipalities.panzhihua.assess import ASSESS
from domain.municipalities.panzhihua.budget import with_budget_note
from domain.municipalities.panzhihua.funds import FUNDS, city_funds, provider_funds, with_premium
from domain.municipalities.panzhihua.person import consequences_of_person
from domain.municipalities.panzhihua.policy import CODE, PARAMETERS, fixed
from domain.municipalities.panzhihua.without_effect import WITHOUT_EFFECT
from domain.rulebook.contract import Municipality
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE


def consequences(view: View, subject: str) -> Iterable[Consequence]:
    """Everything that holds about a person, a provider or the funds; nothing belongs to others here."""
    kind, _, identifier = subject.partition(":")
    if kind == "person":
        return consequences_of_person(view, identifier)
    if kind == "provider":
        return provider_funds(view, identifier)
    return city_funds(view) if subject == FUNDS else ()


MUNICIPALITY = Municipality(
    code=CODE,
    name="Panzhihua",
    label="攀枝花市",
    prefix="PZ",
    version="1",
    in_force_from=fixed("force.from", FAR_FUTURE),
    parameters=PARAMETERS,
    consequences=consequences,
    assess=ASSESS,
    without_effect=WITHOUT_EFFECT,
    lacks=frozenset({"contribution_months", "family_account"}),
    completes={"claim": with_budget_note, "acceptance": with_premium},
)
