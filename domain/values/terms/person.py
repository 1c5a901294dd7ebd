"""Terms of persons and households (人员与家庭).

Values and labels of facts v1, section 3; stored names are permanent.
"""

from domain.values.terms.term import Term


class Sex(Term):
    """`sex` of facts v1."""

    FEMALE = "female", "女"
    MALE = "male", "男"


class Group(Term):
    """`group` of facts v1."""

    EXTREME_POVERTY = "extreme_poverty", "特困人员"
    ORPHAN = "orphan", "孤儿"
    MINIMUM_LIVING = "minimum_living", "最低生活保障对象"
    LOW_INCOME_FAMILY = "low_income_family", "低收入家庭成员"
    RURAL_LOW_INCOME = "rural_low_income", "农村低收入人口"
    MONITORED_AT_RISK = "monitored_at_risk", "监测范围内易返贫致贫人口"
    STABLE_OUT_OF_POVERTY = "stable_out_of_poverty", "稳定脱贫人口"
    RETURNED_TO_POVERTY = "returned_to_poverty", "返贫致贫人口"
    SEVERE_DISABILITY = "severe_disability", "重度残疾人"
    DISABLED_NO_WORK_CAPACITY = "disabled_no_work_capacity", "丧失劳动能力的残疾人"
    DISABILITY_CERTIFICATE = "disability_certificate", "持残疾人证人员"
    MULTIPLE_DISABILITY_HOUSEHOLD = "multiple_disability_household", "一户多残家庭中的残疾人"
    SEVERE_MENTAL_DISORDER = "severe_mental_disorder", "严重精神障碍患者"
    MEDICAL_ASSISTANCE_RECIPIENT = "medical_assistance_recipient", "医疗救助对象"
    PREFERENTIAL_TREATMENT = "preferential_treatment", "优抚对象（含革命“五老”人员）"
    OLD_REVOLUTIONARY_BASE_ELDER = "old_revolutionary_base_elder", "革命老区（基点）村60岁以上老人"
    RETRENCHED_1960S_WORKER = "retrenched_1960s_worker", "六十年代精简退职职工"
    FAMILY_PLANNING_HARDSHIP = "family_planning_hardship", "计划生育特殊困难家庭成员"
    ONLY_SON_FAMILY = "only_son_family", "农村独生子家庭成员"
    DAUGHTER_FAMILY = "daughter_family", "农村纯女户（独女、二女户）成员"
    MODEL_CITIZEN = "model_citizen", "生活困难道德先进人物"
    HARDSHIP_PARTY_MEMBER = "hardship_party_member", "困难党员"
    VETERAN_CADRE = "veteran_cadre", "离休人员"
    VETERAN_CADRE_SURVIVOR = "veteran_cadre_survivor", "离休干部遗属"
    VETERAN_CADRE_SURVIVING_SPOUSE = "veteran_cadre_surviving_spouse", "离休干部无工作遗偶"
    RED_ARMY_VETERAN = "red_army_veteran", "老红军"
    DISABLED_SERVICEMAN_2B = "disabled_serviceman_2b", "二等乙级以上革命伤残军人"
    DISABLED_SOLDIER = "disabled_soldier", "一至六级残疾军人"
    PRE_1949_WORKER = "pre_1949_worker", "建国前老工人"
    LAND_EXPROPRIATED = "land_expropriated", "被征地农转非人员"
    UNIVERSITY_STUDENT = "university_student", "大学生"
    SCHOOL_PUPIL = "school_pupil", "中小学及中职学生"
    STATIONED_TROOPS = "stationed_troops", "驻地武警官兵"
    RESIDENCE_PERMIT_HOLDER = "residence_permit_holder", "居住证持有人"
    HONG_KONG_MACAO_TAIWAN_RESIDENT = "hong_kong_macao_taiwan_resident", "在本地居住的港澳台人员"
    FORMER_EMPLOYEE = "former_employee", "离职停保人员"
    HARDSHIP = "hardship", "其他特殊困难人员"
    SUBSIDISED = "subsidised", "其他资助参保对象"


class Relationship(Term):
    """`relationship` of facts v1."""

    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    PARENT = "parent", "父母"
    SIBLING = "sibling", "兄弟姐妹"
    GRANDPARENT = "grandparent", "祖父母、外祖父母"
    GRANDCHILD = "grandchild", "孙子女、外孙子女"
    OTHER = "other", "其他"


class Role(Term):
    """`role` of facts v1."""

    PARENT = "parent", "父母"
    CHILD = "child", "子女"


class Occupation(Term):
    """`occupation` of facts v1."""

    EMPLOYED = "employed", "就业"
    UNEMPLOYED = "unemployed", "未就业"
    STUDENT = "student", "在学"
    OTHER = "other", "其他"


class MoveReason(Term):
    """`move_reason` of facts v1."""

    REGISTRATION_CHANGE = "registration_change", "户籍变动"
    JOINED_EMPLOYEE_SCHEME = "joined_employee_scheme", "转入职工医保"
    DEATH = "death", "死亡"
    LEFT_CITY = "left_city", "离开本市"
    OTHER = "other", "其他"


class AbsenceReason(Term):
    """`absence` of facts v1."""

    HOLIDAY = "holiday", "寒暑假"
    INTERNSHIP = "internship", "实习"
    SICK_LEAVE = "sick_leave", "病休"
    OTHER = "other", "其他"


class Approval(Term):
    """`approval` of facts v1."""

    SPECIAL_DISEASE = "special_disease", "门诊特殊疾病等待遇认定"
    OUT_OF_AREA = "out_of_area", "异地就医备案"
    GROUP = "group", "特殊人群身份"
