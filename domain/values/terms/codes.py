"""Codes of facts v1, section 5 (代码): what a code says to a Chinese reader.

Stored names are permanent; docs/errors.md says what to do about each.
"""

from domain.values.terms.term import Term


class InputCode(Term):
    """Why a fact or question was refused at the door."""

    UNKNOWN_FACT = "unknown_fact", "未知事实类型"
    UNKNOWN_FIELD = "unknown_field", "未知字段"
    FIELD_MISSING = "field_missing", "缺少必填字段"
    WRONG_TYPE = "wrong_type", "格式错误"
    VALUE_NOT_ALLOWED = "value_not_allowed", "取值不允许"
    DUPLICATE_ID = "duplicate_id", "标识重复"
    OVERLAPPING_PERIOD = "overlapping_period", "期间重叠"
    UNKNOWN_REFERENCE = "unknown_reference", "引用不存在"
    RECORDED_OUT_OF_ORDER = "recorded_out_of_order", "记录时间倒退"
    WRONG_CORRECTION = "wrong_correction", "更正不符"


class ErrorCode(Term):
    """Why a question cannot be answered."""

    RULES_NOT_IN_FORCE = "rules_not_in_force", "无适用办法"
    ANNOUNCEMENT_MISSING = "announcement_missing", "缺少公布参数"
    FACT_MISSING = "fact_missing", "缺少必要事实"
    NOT_COMPUTED = "not_computed", "办法无此项"


class StatusReason(Term):
    """Why a person is not covered, and why a claim is refused because of it."""

    NOT_IN_SCHEME = "not_in_scheme", "不属本制度保障对象"
    NOT_ENROLLED = "not_enrolled", "未参保"
    COVER_LAPSED = "cover_lapsed", "中断参保"
    COVER_ENDED = "cover_ended", "参保关系终止"
    OTHER_SCHEME_PREVAILS = "other_scheme_prevails", "由其他制度支付"
    NOT_COVERED = "not_covered", "费用发生日无待遇"
    COVER_PENDING = "cover_pending", "待遇未生效"
    WAITING_PERIOD = "waiting_period", "等待期内"
    SUSPENDED = "suspended", "欠费暂停待遇"
    EMPLOYER_LIABLE = "employer_liable", "由用人单位承担"
    IN_ARREARS = "in_arrears", "欠费期间"


class ClaimReason(Term):
    """Why a claim is refused."""

    PROVIDER_NOT_DESIGNATED = "provider_not_designated", "非定点机构"
    PROVIDER_NOT_ELIGIBLE = "provider_not_eligible", "机构级别不在支付范围"
    PROVIDER_NOT_SELECTED = "provider_not_selected", "非选定医院"
    DISEASE_NOT_LISTED = "disease_not_listed", "病种不在目录"
    LEVEL_NOT_IN_TERMS = "level_not_in_terms", "公布标准无此级别"
    CAUSE_EXCLUDED = "cause_excluded", "不予支付情形"
    DISASTER_FUND_PAYS = "disaster_fund_pays", "由专项资金解决"
    BENEFIT_NOT_IN_MODE = "benefit_not_in_mode", "参保方式不享受"
    DISEASE_NOT_APPROVED = "disease_not_approved", "病种未认定"
    DISEASE_NOT_SELECTED = "disease_not_selected", "病种未选定"
    DURING_STAY = "during_stay", "住院期间门诊"
    POLICY_NOT_MET = "policy_not_met", "不符合生育政策"
    NOT_A_DELIVERY = "not_a_delivery", "非住院分娩"
    MATERNITY_NOT_COVERED = "maternity_not_covered", "不属生育保障范围"
    SPOUSE_INSURED = "spouse_insured", "配偶已参保"
    NEWBORN_CONDITION_NOT_MET = "newborn_condition_not_met", "新生儿条件不符"
    DUPLICATE_BENEFIT = "duplicate_benefit", "重复享受待遇"
    FILED_LATE = "filed_late", "逾期申报"
    DOCUMENTS_MISSING = "documents_missing", "资料不全"
    SETTLEMENT_FINAL = "settlement_final", "直接结算不再调整"
    ACCOUNT_BLOCKED = "account_blocked", "个人账户停用"
    FALSIFIED = "falsified", "弄虚作假"
    CLAIMS_BARRED = "claims_barred", "取消年度报销资格"


class AllowanceReason(Term):
    """Why an allowance is refused."""

    MATERNITY_NOT_QUALIFIED = "maternity_not_qualified", "生育待遇条件不足"
    WAGE_PAID_INSTEAD = "wage_paid_instead", "由单位发放工资"
    NOT_EMPLOYED = "not_employed", "非单位在职参保"


class FactReason(Term):
    """Why a recorded fact has no effect, or why nothing is due."""

    NOT_ELIGIBLE = "not_eligible", "不符合条件"
    AGE_EXCEEDED = "age_exceeded", "超过法定退休年龄"
    DUPLICATE_COVER = "duplicate_cover", "重复参保"
    TIER_MISMATCH = "tier_mismatch", "同户缴费档次不一致"
    HOUSEHOLD_INCOMPLETE = "household_incomplete", "未全户参保"
    OUTSIDE_WINDOW = "outside_window", "不在规定缴费期限"
    YEAR_OVER = "year_over", "参保年度已过"
    UNDERPAID = "underpaid", "未足额缴费"
    ENROL_ELSEWHERE = "enrol_elsewhere", "应在他处参保"
    NOT_DIRECT_RELATIVE = "not_direct_relative", "非直系亲属"
    ACCOUNT_USE_NOT_ALLOWED = "account_use_not_allowed", "个人账户不得用于此项"
    ANNOUNCEMENT_OUT_OF_BOUNDS = "announcement_out_of_bounds", "公布参数超出规定范围"
    FUND_SEPARATION = "fund_separation", "基金不得混用"
    REGISTRATION_TOO_LATE = "registration_too_late", "登记超过期限"
    TOO_EARLY = "too_early", "未满规定期限"
    MONTHS_OVER_LIMIT = "months_over_limit", "补缴月数超限"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range", "金额超出规定范围"
    REFUND_NOT_DUE = "refund_not_due", "不予退费"
    TRANSFER_BLOCKED_BY_ARREARS = "transfer_blocked_by_arrears", "欠费未清不得转出"
    PLACE_LOCKED = "place_locked", "备案地锁定期内"
    INSUFFICIENT_BALANCE = "insufficient_balance", "账户余额不足"


class Note(Term):
    """What stands beside an answer."""

    CAP_EXHAUSTED = "cap_exhausted", "已达最高支付限额"
    LATE_DECLARATION = "late_declaration", "申报超期"
    LATE_REGISTRATION = "late_registration", "登记超期"
    HOUSEHOLD_INCOMPLETE = "household_incomplete", "未全户参保"
    EXIT_MISSING = "exit_missing", "未办退出手续"
    DOCUMENTS_MISSING = "documents_missing", "资料不全"
    FILED_LATE = "filed_late", "申报超期"
    OVER_AREA_BUDGET = "over_area_budget", "超区域总额预算"
    NO_REFERRAL = "no_referral", "未经转诊"
    ANNOUNCEMENT_MISSING = "announcement_missing", "缺少公布参数"


CODE_LABELS: dict[str, str] = {
    code.value: code.label
    for codes in (InputCode, ErrorCode, StatusReason, ClaimReason, AllowanceReason, FactReason, Note)
    for code in codes
}
"""Chinese label of every code, wherever it is used."""
