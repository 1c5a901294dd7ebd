"""Benefits by mode of payment (第三十五条), and when a balance may be spent."""

from domain.events.consequences import BenefitPeriod
from domain.rulebook.citation import rule
from domain.values.terms import Mode, Scheme, Status


@rule("LZ-35a", article="第三十五条")
def benefit_in_mode(benefit: str, mode: Mode | None) -> bool:
    """Pooling-only members have inpatient care and special diseases of class II, no other outpatient benefit."""
    return mode is not Mode.POOLING_ONLY or benefit in ("inpatient", "special_II")


@rule("LZ-28c", article="第六条、第二十八条、第三十五条")
def may_spend(period: BenefitPeriod) -> bool:
    """A personal account may be charged on days on which the employee scheme covers."""
    return period.scheme is Scheme.EMPLOYEE and period.status is Status.COVERED
