"""Short forms of the questions that are asked every day."""

from typing import Any

from ledger.cli import FINDING, OK
from ledger.cli.ask import answer
from ledger.cli.explain import moment
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, say, show_answer

SCHEMES = ("employee", "resident")


def status(
    *, person: str, on: str, known: str, scheme: str | None = None, everywhere: Everywhere = EVERYWHERE
) -> int:
    """待遇状态: is a person covered on a day?

    Example: `yibao status --person P1 --on 2024-03-15 --known 2024-06-30`

    Parameters
    ----------
    person
        Identifier of the person 人员.
    on
        In force on this day 生效日.
    known
        As known at this date or time 已知日.
    scheme
        employee 职工医保 or resident 居民医保; without it the scheme that pays.
    """
    return answer(_asked("benefit_status", person=person, on=on, known=known, scheme=scheme), everywhere)


def periods(
    *, person: str, known: str, scheme: str | None = None, everywhere: Everywhere = EVERYWHERE
) -> int:
    """待遇期间: all status periods of a person, in both schemes unless one is named.

    Example: `yibao periods --person P1 --known 2024-06-30`

    Parameters
    ----------
    person
        Identifier of the person 人员.
    known
        As known at this date or time 已知日.
    scheme
        employee 职工医保 or resident 居民医保.
    """
    if scheme is not None:
        return answer(_asked("benefit_periods", person=person, known=known, scheme=scheme), everywhere)
    found: dict[str, Any] = {}
    with opened(everywhere) as ledger:
        for each in SCHEMES:
            asked = _asked("benefit_periods", person=person, known=known, scheme=each)
            found[each] = ledger.ask(asked, city=everywhere.city_code())
    if everywhere.json:
        print_json(found)
    else:
        for got in found.values():
            show_answer("benefit_periods", got)
    return FINDING if any("error" in got for got in found.values()) else OK


def months(
    *, person: str, on: str, known: str, scheme: str | None = None, everywhere: Everywhere = EVERYWHERE
) -> int:
    """缴费月数: contribution months of a person on a day.

    Example: `yibao months --person P1 --on 2024-03-15 --known 2024-06-30`

    Parameters
    ----------
    person
        Identifier of the person 人员.
    on
        In force on this day 生效日.
    known
        As known at this date or time 已知日.
    scheme
        employee 职工医保 (default) or resident 居民医保.
    """
    return answer(_asked("contribution_months", person=person, on=on, known=known, scheme=scheme), everywhere)


def account(*, person: str, on: str, known: str, everywhere: Everywhere = EVERYWHERE) -> int:
    """个人账户: balance and movements of a personal account at the end of a day.

    Example: `yibao account --person P1 --on 2024-03-15 --known 2024-06-30`

    Parameters
    ----------
    person
        Identifier of the person 人员.
    on
        In force on this day 生效日.
    known
        As known at this date or time 已知日.
    """
    return answer(_asked("personal_account", person=person, on=on, known=known), everywhere)


def family_account(*, household: str, on: str, known: str, everywhere: Everywhere = EVERYWHERE) -> int:
    """家庭门诊账户: balance and movements of a household's account at the end of a day.

    Example: `yibao family-account --household H1 --on 2024-03-15 --known 2024-06-30`

    Parameters
    ----------
    household
        Identifier of the household 家庭户.
    on
        In force on this day 生效日.
    known
        As known at this date or time 已知日.
    """
    return answer(_asked("family_account", household=household, on=on, known=known), everywhere)


def claim(claim: str, *, known: str, everywhere: Everywhere = EVERYWHERE) -> int:
    """费用结算: the settlement of a claim, as known.

    Example: `yibao claim c1 --known 2024-06-30`

    Parameters
    ----------
    claim
        Identifier of the claim 费用单据.
    known
        As known at this date or time 已知日.
    """
    return answer(_asked("claim", claim=claim, known=known), everywhere)


def changes(
    *,
    known_before: str,
    known: str,
    person: str = "",
    employer: str = "",
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """差异: what changed between two moments of knowledge, and because of which facts.

    For a person, for an employer with everyone on its roll, or, without either, for a whole city.

    Examples: `yibao changes --person P1 --known-before 2024-03-31 --known 2024-06-30`;
    `yibao changes --employer E1 --known-before 2024-03-31 --known 2024-06-30`.

    Parameters
    ----------
    known_before
        The earlier moment of knowledge 较早的已知日.
    known
        The later moment of knowledge 已知日.
    person
        Identifier of the person 人员.
    employer
        Identifier of the employer 单位.
    """
    if person:
        asked = _asked("changes", person=person, known_before=known_before, known=known)
        return answer(asked, everywhere)
    from ledger.changing import changed_subjects

    before, after = moment(known_before), moment(known)
    with opened(everywhere) as ledger:
        city = everywhere.one_city(ledger)
        found = list(changed_subjects(ledger, city, before, after, employer))
    if everywhere.json:
        print_json({"known_before": known_before, "known": known, "subjects": found})
        return OK
    for each in found:
        say(each["subject"])
        show_answer("changes", {"answer": {"changes": each["changes"]}})
    say(f"{len(found)} subjects changed 有变动的对象")
    return OK


def _asked(kind: str, **given: Any) -> dict[str, Any]:
    return {"ask": kind, **{name: value for name, value in given.items() if value is not None}}
