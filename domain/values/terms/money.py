"""Terms of contributions and accounts (缴费与账户).

Values and labels of facts v1, section 3; stored names are permanent.
"""

from domain.values.terms.term import Term


class PaymentPurpose(Term):
    """`purpose` of facts v1."""

    ORDINARY = "ordinary", "正常缴费（含到账较晚的当期欠费）"
    GAP = "gap", "中断月份补缴"
    OVER_LIMIT_ARREARS = "over_limit_arrears", "超期欠费按规定费率补缴"
    UNENROLLED_MONTHS = "unenrolled_months", "应保未保补缴"
    BASE_ADJUSTMENT = "base_adjustment", "缴费基数调整补收"
    RETIREMENT_COMPLETION = "retirement_completion", "退休后逐月补足年限"


class ResidentBasis(Term):
    """`resident_basis` of facts v1."""

    WINDOW = "window", "集中参保期"
    EXTENDED_WINDOW = "extended_window", "延长缴费期"
    DYNAMIC_ADDITION = "dynamic_addition", "动态新增"
    NEWBORN = "newborn", "新生儿出生当年"
    NEWBORN_SECOND_YEAR = "newborn_second_year", "新生儿次年"
    FROM_EMPLOYEE = "from_employee", "职工转居民"
    FROM_OTHER_COVER = "from_other_cover", "其他保障终止"
    FROM_ELSEWHERE = "from_elsewhere", "外地转入"
    LATE = "late", "超期参保"


class PaidFrom(Term):
    """`paid_from` of facts v1."""

    CASH = "cash", "现金"
    PERSONAL_ACCOUNT = "personal_account", "亲属个人账户"


class Channel(Term):
    """`channel` of facts v1."""

    COMMUNITY = "community", "村（社区）"
    SCHOOL = "school", "学校"
    UNIT = "unit", "单位"
    ONLINE = "online", "网络"


class Layer(Term):
    """`layer` of facts v1."""

    LARGE_AMOUNT = "large_amount", "大额医疗费用补助"
    CRITICAL_ILLNESS = "critical_illness", "大病保险"
    SUPPLEMENTARY_INSURANCE = "supplementary_insurance", "补充医疗保险"
    ACCIDENT_INSURANCE = "accident_insurance", "附加意外伤害保险"
    SPECIAL_GROUP = "special_group", "特殊人群补助"
    SERIOUS_DISEASE = "serious_disease", "特大病种补助"
    SURVIVING_SPOUSE = "surviving_spouse", "离休干部无工作遗偶补助"
    HARDSHIP_RELIEF = "hardship_relief", "困难家庭帮扶"
    CIVIL_SERVANT = "civil_servant", "公务员医疗补助"
    MEDICAL_ASSISTANCE = "medical_assistance", "医疗救助"


class RefundCause(Term):
    """`refund_cause` of facts v1."""

    EMPLOYMENT = "employment", "就业参加职工医保"
    DEATH = "death", "死亡"
    DUPLICATE_COVER = "duplicate_cover", "重复参保"
    MOVED_AWAY = "moved_away", "参保地变更"
    WRONG_PAYMENT = "wrong_payment", "误缴多缴"
    WITHDRAWAL = "withdrawal", "待遇生效前退保"
    OTHER = "other", "其他"


class ShortfallOption(Term):
    """`shortfall_option` of facts v1."""

    LUMP_SUM = "lump_sum", "一次性补缴"
    CONTINUE = "continue", "继续缴费"


class LumpSumPurpose(Term):
    """`lump_sum_purpose` of facts v1."""

    RETIREMENT = "retirement", "退休补足年限"
    LAND_EXPROPRIATION = "land_expropriation", "被征地农转非一次性参保"


class Account(Term):
    """`account` of facts v1."""

    PERSONAL = "personal", "个人账户"
    FAMILY = "family", "家庭门诊账户"


class MovementKind(Term):
    """`movement_kind` of facts v1."""

    BASIC_CREDIT = "basic_credit", "个人缴费划入"
    AGE_CREDIT = "age_credit", "按年龄划入"
    RETIREE_CREDIT = "retiree_credit", "退休划入"
    ALLOCATION = "allocation", "家庭账户划入"
    TRANSFER_IN = "transfer_in", "转入"
    TRANSFER_OUT = "transfer_out", "转出"
    INTEREST = "interest", "利息"
    REVERSAL = "reversal", "冲回"
    PREMIUM = "premium", "扣缴补充保险费"
    SPENT = "spent", "支出"
    CLAIM = "claim", "结算支付"
    SHARE_MOVED = "share_moved", "人员变动分割"
    FORFEITED = "forfeited", "中断归并统筹基金"
    FORFEITURE_REVERSED = "forfeiture_reversed", "归并冲回"
    PAID_OUT = "paid_out", "清退"
    OPENING = "opening", "期初"


class SpendPurpose(Term):
    """`spend_purpose` of facts v1."""

    PHARMACY = "pharmacy", "药店购药"
    OWN_CARE = "own_care", "本人就医"
    RELATIVE_CARE = "relative_care", "亲属就医"
    CONTRIBUTION = "contribution", "参保缴费"
    OTHER = "other", "其他"


class PayoutReason(Term):
    """`payout_reason` of facts v1."""

    INHERITANCE = "inheritance", "继承"
    TRANSFERRED_OUT = "transferred_out", "转出"
    JOINED_RESIDENT_SCHEME = "joined_resident_scheme", "转居民一次性支付"
    SETTLED_ABROAD = "settled_abroad", "出国定居"
