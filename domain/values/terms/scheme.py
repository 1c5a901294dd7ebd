"""Terms of schemes and membership (险种与参保).

Values and labels of facts v1, section 3; stored names are permanent.
"""

from domain.values.terms.term import Term


class Scheme(Term):
    """`scheme` of facts v1."""

    EMPLOYEE = "employee", "职工医保"
    RESIDENT = "resident", "居民医保"


class Capacity(Term):
    """`capacity` of facts v1."""

    EMPLOYED = "employed", "在职职工（随单位）"
    FLEXIBLE = "flexible", "灵活就业人员"
    UNEMPLOYED = "unemployed", "领取失业保险金人员"
    RETIRED = "retired", "退休人员"
    PENSIONER = "pensioner", "未曾参保的养老金领取人员"
    RESIDENT = "resident", "居民"
    STUDENT = "student", "学生"
    NEWBORN = "newborn", "新生儿"


class Mode(Term):
    """`mode` of facts v1."""

    COMBINED = "combined", "统账结合"
    POOLING_ONLY = "pooling_only", "单建统筹"


class Status(Term):
    """`status` of facts v1."""

    NONE = "none", "未参保"
    PENDING = "pending", "待遇未生效"
    WAITING = "waiting", "待遇等待期"
    COVERED = "covered", "正常享受"
    SUSPENDED = "suspended", "暂停待遇"


class MaternityStatus(Term):
    """`maternity_status` of facts v1."""

    COVERED = "covered", "享受生育待遇"
    NOT_QUALIFIED = "not_qualified", "生育待遇条件不足"
    MEDICAL_ONLY = "medical_only", "仅生育医疗待遇"


class CountedAs(Term):
    """`counted_as` of facts v1."""

    PAID = "paid", "实际缴费"
    DEEMED = "deemed", "视同缴费"
    CONVERTED = "converted", "折算"


class Where(Term):
    """`where` of facts v1."""

    LOCAL = "local", "本统筹区"
    ELSEWHERE = "elsewhere", "外地"


class EntryWay(Term):
    """`entry` of facts v1."""

    NEW = "new", "新参保"
    CONTINUATION = "continuation", "接续参保"
    APPOINTED_TRANSFER = "appointed_transfer", "组织调动"
    TRANSFER = "transfer", "转移接续"


class EndReason(Term):
    """`end_reason` of facts v1."""

    RESIGNED = "resigned", "辞职"
    DISMISSED = "dismissed", "辞退"
    CONTRACT_ENDED = "contract_ended", "合同终止"
    APPOINTED_TRANSFER = "appointed_transfer", "组织调动"
    RETIRED = "retired", "退休"
    DIED = "died", "死亡"
    BENEFIT_ENDED = "benefit_ended", "停发失业保险金"
    WITHDRAWN = "withdrawn", "本人停保"
    JOINED_OTHER_SCHEME = "joined_other_scheme", "转入另一制度"
    MOVED_AWAY = "moved_away", "迁出统筹区"
    MOVED_WITHIN_AREA = "moved_within_area", "统筹区内迁移"
    ENLISTED = "enlisted", "服役"
    SETTLED_ABROAD = "settled_abroad", "出国定居"
    OTHER = "other", "其他"


class Eligibility(Term):
    """`eligibility` of facts v1."""

    PARENT_INSURED = "parent_insured", "父母已参保"
    HOUSEHOLD_REGISTRATION = "household_registration", "户籍"
    RESIDENCE_PERMIT = "residence_permit", "居住证"
    STUDY = "study", "就读"


class OtherCover(Term):
    """`other_cover` of facts v1."""

    EMPLOYEE = "employee", "职工医保"
    EMPLOYEE_DUE = "employee_due", "应参加职工医保而未参加"
    RESIDENT = "resident", "居民医保（外地）"
    MILITARY = "military", "军队保障"
    PUBLIC_MEDICAL_CARE = "public_medical_care", "公费医疗"
    CUSTODY = "custody", "服刑等期间保障"
    OTHER = "other", "其他保障"


class Cover(Term):
    """`cover` of facts v1."""

    NONE = "none", "未参保"
    EMPLOYEE = "employee", "职工医保"
    RESIDENT = "resident", "居民医保"
    ELSEWHERE = "elsewhere", "异地参保"
    OTHER = "other", "其他医疗保障"


class CareArea(Term):
    """`area` of facts v1."""

    LOCAL = "local", "统筹区内"
    REGISTERED = "registered", "备案地"
    REFERRED = "referred", "异地转诊"
    EMERGENCY = "emergency", "异地急诊"
    UNREFERRED = "unreferred", "其他异地就医"
