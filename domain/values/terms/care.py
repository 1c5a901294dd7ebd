"""Terms of care and claims (医疗与费用).

Values and labels of facts v1, section 3; stored names are permanent.
"""

from domain.values.terms.term import Term


class Programme(Term):
    """`programme` of facts v1."""

    SPECIAL_DISEASE = "special_disease", "门诊特殊疾病（慢特病）"
    TWO_DISEASE_MEDICATION = "two_disease_medication", "高血压糖尿病门诊用药"
    NEGOTIATED_DRUG = "negotiated_drug", "谈判药品及单独支付药品"
    HOME_SICKBED = "home_sickbed", "家庭病床"


class TwoDiseaseCondition(Term):
    """`covers` of facts v1."""

    HYPERTENSION = "hypertension", "高血压"
    DIABETES = "diabetes", "糖尿病"


class OutOfAreaCategory(Term):
    """`out_of_area` of facts v1."""

    SETTLED_RETIREE = "settled_retiree", "异地安置退休"
    LONG_TERM_RESIDENT = "long_term_resident", "异地长期居住"
    POSTED_WORKER = "posted_worker", "常驻异地工作"
    STATIONED_OFFICE = "stationed_office", "驻外机构人员"
    REFERRAL = "referral", "异地转诊"
    TEMPORARY = "temporary", "临时外出就医"


class ClaimKind(Term):
    """`claim_kind` of facts v1."""

    INPATIENT = "inpatient", "住院"
    DAY_SURGERY = "day_surgery", "日间手术"
    EMERGENCY = "emergency", "急诊（含留观）"
    EMERGENCY_RESCUE = "emergency_rescue", "急诊抢救"
    ORDINARY_OUTPATIENT = "ordinary_outpatient", "普通门诊"
    PHARMACY = "pharmacy", "药店购药"
    SPECIAL_DISEASE = "special_disease", "门诊特殊疾病"
    TWO_DISEASE_MEDICATION = "two_disease_medication", "两病门诊用药"
    NEGOTIATED_DRUG = "negotiated_drug", "谈判药品及单独支付药品"
    HOME_SICKBED = "home_sickbed", "家庭病床"
    PRENATAL_CHECK = "prenatal_check", "产前检查"
    PREGNANCY_OUTPATIENT = "pregnancy_outpatient", "孕期门诊"
    DELIVERY = "delivery", "住院分娩"
    TERMINATION = "termination", "流产、引产"
    PREGNANCY_ILLNESS = "pregnancy_illness", "妊娠并发症等住院"
    FAMILY_PLANNING = "family_planning", "计划生育手术"


class ItemKind(Term):
    """`item` of facts v1."""

    DRUG = "drug", "药品"
    SERVICE = "service", "医疗服务"
    EXAMINATION = "examination", "检查检验"
    TREATMENT = "treatment", "治疗"
    SURGERY = "surgery", "手术"
    MATERIAL = "material", "医用材料"
    FACILITY = "facility", "服务设施"
    OTHER = "other", "其他"


class ItemClass(Term):
    """`item_class` of facts v1."""

    A = "A", "甲类"
    B = "B", "乙类"
    C = "C", "丙类（自费）"
    NEGOTIATED = "negotiated", "谈判药品"


class CauseOfCare(Term):
    """`cause` of facts v1."""

    ILLNESS = "illness", "疾病"
    ACCIDENT = "accident", "意外伤害"
    WORK_INJURY = "work_injury", "工伤"
    THIRD_PARTY = "third_party", "第三人负担"
    PUBLIC_HEALTH = "public_health", "公共卫生负担"
    ABROAD = "abroad", "境外就医"
    SELF_HARM = "self_harm", "自杀自残"
    FIGHTING = "fighting", "打架斗殴"
    DRUNKENNESS = "drunkenness", "酗酒"
    DRUG_ABUSE = "drug_abuse", "吸毒"
    WELLNESS = "wellness", "预防保健、健身养生"
    HEALTH_CHECKUP = "health_checkup", "健康体检"
    COSMETIC = "cosmetic", "美容整形"
    INFERTILITY = "infertility", "不孕不育及性功能障碍"
    MASS_DISASTER = "mass_disaster", "重大灾害、疫情"
    OTHER_EXCLUDED = "other_excluded", "其他不予支付"


class SettlementWay(Term):
    """`settlement` of facts v1."""

    DIRECT = "direct", "直接结算"
    MANUAL = "manual", "手工（零星）报销"


class Paper(Term):
    """`paper` of facts v1."""

    STANDARD = "standard", "基本报销材料"
    MEDICAL_RECORD_COPY = "medical_record_copy", "病历复印件"


class VisitOutcome(Term):
    """`visit_outcome` of facts v1."""

    DISCHARGED = "discharged", "离院"
    ADMITTED = "admitted", "转住院"
    DIED = "died", "死亡"


class MaternityEvent(Term):
    """`maternity_event` of facts v1."""

    BIRTH = "birth", "分娩"
    MISCARRIAGE = "miscarriage", "流产"
    INDUCED_LABOUR = "induced_labour", "引产"
    TERMINATION = "termination", "终止妊娠"
    PROCEDURE = "procedure", "计划生育手术"


class DeliveryMode(Term):
    """`delivery_mode` of facts v1."""

    NATURAL = "natural", "顺产"
    DIFFICULT = "difficult", "难产"
    CAESAREAN = "caesarean", "剖宫产"


class GestationBand(Term):
    """`gestation_band` of facts v1."""

    UP_TO_4_MONTHS = "up_to_4_months", "4个月以内（含）"
    OVER_4_MONTHS = "over_4_months", "4个月以上"


class MaternityReason(Term):
    """`maternity_reason` of facts v1."""

    MEDICAL = "medical", "医学原因及其他"
    FAMILY_PLANNING = "family_planning", "计划生育"


class FamilyPlanningProcedure(Term):
    """`procedure` of facts v1."""

    IUD_INSERTION = "iud_insertion", "放置宫内节育器"
    IUD_REMOVAL = "iud_removal", "取出宫内节育器"
    ABORTION = "abortion", "人工流产"
    INDUCED_LABOUR = "induced_labour", "引产"
    TUBAL_LIGATION = "tubal_ligation", "输卵管结扎"
    VASECTOMY = "vasectomy", "输精管结扎"
    REVERSAL = "reversal", "复通手术"
    COMPLICATION_CARE = "complication_care", "并发症治疗"


class ClaimsDecision(Term):
    """`claims_decision` of facts v1."""

    SPLIT_STAY = "split_stay", "分解住院合并"
    EXCLUDED = "excluded", "认定不予支付"
    REFUSED = "refused", "拒付"
    REINSTATED = "reinstated", "恢复支付"


class BenefitCase(Term):
    """`benefit_case` of facts v1."""

    DEATH = "death", "身故"
    DISABILITY = "disability", "伤残"


class ClaimOutcome(Term):
    """`claim_outcome` of facts v1."""

    PAYABLE = "payable", "予以支付"
    REFUSED = "refused", "不予支付"


class DueOutcome(Term):
    """`due_outcome` of facts v1."""

    DUE = "due", "应缴（应退）"
    NOTHING_DUE = "nothing_due", "无应缴（应退）"
    REFUSED = "refused", "不予办理"


class AcceptanceOutcome(Term):
    """`acceptance_outcome` of facts v1."""

    ACCEPTED = "accepted", "受理"
    REFUSED = "refused", "不予受理"
    PARTLY_ACCEPTED = "partly_accepted", "部分受理"
    SUPERSEDED = "superseded", "已被更正"
    VOID = "void", "已撤回"
