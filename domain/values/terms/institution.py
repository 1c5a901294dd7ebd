"""Terms of employers, providers and funds (单位、机构与基金).

Values and labels of facts v1, section 3; stored names are permanent.
"""

from domain.values.terms.term import Term


class Funding(Term):
    """`funding` of facts v1."""

    BUDGET = "budget", "财政供养单位"
    OTHER = "other", "其他单位"


class Reorganisation(Term):
    """`reorganisation` of facts v1."""

    BANKRUPT = "bankrupt", "破产"
    RESTRUCTURED = "restructured", "改制"
    CLOSED = "closed", "关闭"
    SPLIT = "split", "分立"
    MERGED = "merged", "合并"
    TRANSFERRED = "transferred", "转让"


class ProviderKind(Term):
    """`provider_kind` of facts v1."""

    HOSPITAL = "hospital", "医院"
    TOWNSHIP_HEALTH_CENTRE = "township_health_centre", "乡镇卫生院"
    COMMUNITY_HEALTH_CENTRE = "community_health_centre", "社区卫生服务中心"
    VILLAGE_CLINIC = "village_clinic", "村卫生室"
    CLINIC = "clinic", "诊所"
    PHARMACY = "pharmacy", "定点药店"


class Ownership(Term):
    """`ownership` of facts v1."""

    PRIVATE = "private", "民营"
    PUBLIC = "public", "公立（未注明隶属）"
    COUNTY = "county", "县（市、区）属公立"
    CITY = "city", "市属公立"
    PROVINCE = "province", "省属公立"
    CENTRAL = "central", "部属公立"


class Locality(Term):
    """`locality` of facts v1."""

    TOWNSHIP = "township", "乡镇"
    TOWN = "town", "县城及以上"


class ProviderGrade(Term):
    """`grade` of facts v1."""

    A = "A", "甲等"
    B = "B", "乙等"
    C = "C", "丙等"


class Fund(Term):
    """`fund` of facts v1."""

    EMPLOYEE_POOLED = "employee_pooled", "职工统筹基金"
    RESIDENT_POOLED = "resident_pooled", "居民统筹基金"
    MATERNITY = "maternity", "生育保险"
    LARGE_AMOUNT = "large_amount", "大额医疗费用补助"
    CRITICAL_ILLNESS = "critical_illness", "大病保险"
    SUPPLEMENTARY_INSURANCE = "supplementary_insurance", "补充医疗保险"
    ACCIDENT_INSURANCE = "accident_insurance", "意外伤害保险"
    SPECIAL_PROTECTION = "special_protection", "地方特殊医疗保障资金"
    ORDINARY_OUTPATIENT = "ordinary_outpatient", "普通门诊统筹"
    RISK_RESERVE = "risk_reserve", "风险调剂金"


class IncomeSource(Term):
    """`income_source` of facts v1."""

    INTEREST = "interest", "利息"
    SUBSIDY = "subsidy", "财政补助"
    AID = "aid", "资助参保收入"
    DONATION = "donation", "捐赠"
    LOWER_LEVEL = "lower_level", "下级上解"
    UPPER_LEVEL = "upper_level", "上级补助"
    OTHER = "other", "其他"


class Debtor(Term):
    """`debtor` of facts v1."""

    MEMBER = "member", "参保人"
    PROVIDER = "provider", "医药机构"
    EMPLOYER = "employer", "用人单位"
    AGENCY = "agency", "经办机构"


class SanctionReason(Term):
    """`sanction_reason` of facts v1."""

    FRAUD = "fraud", "欺诈骗保"
    AGREEMENT_BREACH = "agreement_breach", "违反服务协议"
    WRONG_PAYMENT = "wrong_payment", "误付"
    OTHER = "other", "其他"


class FundTransferKind(Term):
    """`transfer` of facts v1."""

    RISK_RESERVE = "risk_reserve", "提取风险调剂金"
    CRITICAL_ILLNESS_PREMIUM = "critical_illness_premium", "划转大病保险资金"
    LARGE_AMOUNT_SHARE = "large_amount_share", "统筹基金结余划转大额补助"
    FUND_SPLIT = "fund_split", "按比例分列基金"
    LAYER_PREMIUM = "layer_premium", "财政出资购买补充层"
    SPECIAL_PROTECTION_ADVANCE = "special_protection_advance", "特殊保障备用金预拨"
    SPECIAL_PROTECTION_SETTLEMENT = "special_protection_settlement", "特殊保障资金清算"
    WORK_SUBSIDY = "work_subsidy", "参保征缴工作补助"
    PUBLIC_SUBSIDY = "public_subsidy", "财政补助核定"


class ClearingMethod(Term):
    """`clearing` of facts v1."""

    DIAGNOSIS_GROUPS = "diagnosis_groups", "按病组（DRG、DIP）"
    BUDGET = "budget", "总额预算"
    OTHER = "other", "其他"
