"""Rules of the document that move nothing in the ledger, and why."""

WITHOUT_EFFECT = {
    "JJ-5.2a": "地点与材料：仅作提示，不影响参保（village, papers and photograph: a flag only）",
    "JJ-5.2b": "名册由部门编制公布，账本只认已确认的 group_recognised（rolls: only the confirmed fact counts）",
    "JJ-5.2j": "自动续保只是缴费渠道，须有缴费事实（a channel: without a payment no cover）",
    "JJ-5.3d": "居民参保年限不计入职工缴费年限：账本不产生缴费月数（adds no employee months: none are recorded）",
    "JJ-5.3f": "毕业生去向由其他事实体现（no movement by itself; the facts of JJ-5.3a and c decide）",
    "JJ-5.4b": "镇街内部期限，按镇提示（internal date of the towns: a flag per town）",
    "JJ-5.4c": "入库日约束镇街划款，不影响个人（binds the transfer of the towns, not the person）",
    "JJ-7.1b": "三日内出示社保卡：仅提示转手工报销，无损失（card within three days: flag and manual settlement only）",
    "JJ-8.5b": "四帮四扶由民政预拨并按实清算，无公式（prepaid and cleared at cost by civil affairs; no formula）",
    "JJ-8.6a": "工作经费列入预算（working costs by budget）",
    "JJ-9.4c": "医务人员弄虚作假的处分，无金额（punishment of staff; no amount）",
}
