"""What is announced, approved, registered and saved around a life."""

from datetime import date, timedelta

from tests.oracle.suizhou.lives import GROUPS, Life


def surroundings(life: Life) -> None:
    """What is announced, approved and registered around a life, sometimes too late."""
    choose = life.choose
    bills = [date.fromisoformat(f["on"]) for f in life.facts if f["fact"] == "claim_submitted"]
    if not bills:
        return
    near = choose.one(bills)
    if choose.yes():
        when = near + timedelta(days=choose.one((-60, -9, -3, 0, 5)))
        category = choose.one(("settled_retiree", "posted_worker", "referral", "long_term_resident"))
        place = choose.one(("420100", "430100", "430000", "421300"))
        late = (when + timedelta(days=choose.one((0, 0, 4, 40)))).isoformat()
        life.tell("out_of_area_registered", when, category=category, place=place, recorded=late)
        if choose.yes(4):
            life.tell("approval_ended", when + timedelta(days=5), approval="out_of_area", place=place)
    if choose.yes():
        _terms(life, near)
    if choose.yes(4):
        start = near + timedelta(days=choose.one((-400, -1, 0, 1)))
        to = {"to": (start + timedelta(days=30)).isoformat()} if choose.yes(4) else {}
        life.tell("group_recognised", start, group=choose.one(GROUPS), **to)
    if choose.yes(3):
        life.tell("opening_account", date(2024, 1, 2), balance=choose.one(("0.05", "300.00", "12345.67")))
    if choose.yes(3):
        for _ in range(choose.number(1, 2)):
            amount = choose.one(("84.00", "100.00", "300.00", "420.00"))
            life.tell(
                "personal_account_spent",
                near + timedelta(days=choose.number(-99, 99)),
                amount=amount,
                purpose="own_care",
            )


def _terms(life: Life, near: date) -> None:
    choose = life.choose
    told = (near + timedelta(days=choose.one((-500, 0, 1, 60)))).isoformat()
    rates = {"1": "0.70", "2": "0.60", "3": "0.50"}
    value = {"annual_deductible": "200.00", "rates": rates, "annual_cap": "1000.00", "upfront_share": "0.00"}
    own = {"scheme": "employee", "from": "2024-01-01", "recorded": told}
    life.tell(
        "parameter_announced",
        min(near, date.fromisoformat(told)),
        key="ordinary_outpatient_terms",
        value=value,
        **own,
    )
    for scheme in ("employee", "resident"):
        special = {
            "annual_deductible": "300.00",
            "rate": "0.70",
            "annual_cap": choose.one(("2000.00", "250000.00")),
        }
        special["upfront_share"] = "0.10"
        own = {"scheme": scheme, "disease": "nephro", "from": "2024-01-01", "recorded": told}
        on = min(near, date.fromisoformat(told))
        life.tell("parameter_announced", on, key="special_disease_terms", value=special, **own)
    approved = near + timedelta(days=choose.one((-30, 0, 1)))
    life.tell("special_disease_approved", approved, disease="nephro")
