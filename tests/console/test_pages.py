"""What an auditor finds on the pages: for two dates, in two languages, with the reason of every cell."""

import re
from html import unescape

import pytest

from ledger.demo.town import plan, pointers
from tests.console.conftest import Client

MOTHER = "/console/510500/person?id=mother&on=2019-07-14"


def words(page: str) -> str:
    """What a reader sees of a page, in one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2])))


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return words(answer.text)


def why(client: Client, asked: str) -> str:
    return read(client, f"/console/510500/why?person=mother&{asked}")


def test_the_same_day_reads_otherwise_once_more_is_known(auditor: Client) -> None:
    before = read(auditor, f"{MOTHER}&known=2019-08-15")
    after = read(auditor, f"{MOTHER}&known=2019-09-30")
    assert "2019-07-14 当日，依截至 2019-08-15 所知： 职工医保 暂停待遇 欠费暂停待遇" in before
    assert "2019-07-14 当日，依截至 2019-09-30 所知： 职工医保 正常享受" in after
    assert "住院 county_hospital 不予支付 欠费暂停待遇 9,000.00 0.00 0.00 9,000.00" in before
    assert "住院 county_hospital 予以支付 9,000.00 6,630.00 0.00 2,370.00" in after


def test_sliders_stop_where_something_changes(auditor: Client) -> None:
    page = auditor.get(f"{MOTHER}&known=2019-08-15").text
    on, known = (days.split() for days in re.findall(r'data-days="([^"]*)"', page))
    assert {"2019-04-01", "2019-07-14", "2019-09-16"} <= set(on)
    assert {"2019-04-30", "2019-09-16"} <= set(known)
    assert on == sorted(set(on))
    assert known == sorted(set(known))


def test_months_owed_are_owed_until_they_are_paid(auditor: Client) -> None:
    address = "/console/510500/person?id=mother&on=2019-12-31&known="
    before = auditor.get(f"{address}2019-08-15").text
    after = auditor.get(f"{address}2019-12-31").text
    assert 'aria-label="2019-05 欠缴"' in before
    assert 'aria-label="2019-05 实际缴费 补缴"' in after


def test_a_refused_claim_tells_its_article_and_what_lies_behind_it(auditor: Client) -> None:
    reason = why(auditor, "kind=claim&claim=mother-stay&on=2019-07-14&known=2019-08-15")
    assert "单据 mother-stay 为何如此结算" in reason
    assert "不予支付 欠费暂停待遇" in reason
    assert "第六条 LZ-06b" in reason
    assert "缴费核定 assessed-2019-05" in reason
    assert "back-payment" not in reason


def test_a_settlement_shows_its_worksheet_its_versions_and_the_money(auditor: Client) -> None:
    reason = why(auditor, "kind=claim&claim=mother-stay&known=2019-09-30")
    assert "限额前应付 2019 (在册费用 - 起付标准) x 比例 LZ-30a 6,630.00" in reason
    assert "历次结算 ×2" in reason
    assert "基金 职工统筹基金 −6,630.00" in reason


def test_a_status_tells_what_was_known_of_the_same_day_before(auditor: Client) -> None:
    reason = why(auditor, "kind=status&scheme=employee&on=2019-07-14&known=2019-12-31")
    assert "2019-09-16 缴费到账 back-payment" in reason
    history = reason.partition("同一日，历次所知")[2]
    assert "2019-04-30 暂停待遇 欠费暂停待遇 时间推移 2019-09-16 正常享受 back-payment" in history


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("kind=month&key=months/employee/2019-05", "第六条"),
        ("kind=entry&key=entry/basic/2019-05", "个人账户 mother 124.00"),
        ("kind=year&key=year/employee/2019", "243,370.00"),
    ],
)
def test_every_other_cell_has_a_reason_too(auditor: Client, asked: str, expected: str) -> None:
    assert expected in why(auditor, f"known=2019-12-31&{asked}")


def test_two_known_dates_side_by_side_with_the_fact_between_them(auditor: Client) -> None:
    asked = "id=mother&on=2019-07-14&known_before=2019-08-15&known=2019-09-30"
    page = read(auditor, f"/console/510500/compare?{asked}")
    assert "费用单据 mother-stay 起因 back-payment" in page
    assert "统筹基金支付 0.00 6,630.00" in page
    assert "合计 0.00" in page.partition("两日之间的账务变动")[2]


def test_an_employer_in_arrears_and_what_clearing_comes_to(auditor: Client) -> None:
    page = read(auditor, "/console/510500/employer?id=restaurant&on=2022-12-31&known=2022-12-31")
    assert "欠费 10 个月，" in page
    assert "2022-02/2022-11" in page
    assert read(auditor, "/console/510500/employer?id=press&on=2022-12-31").count("无欠费") == 1
    listed = read(auditor, "/console/510500/arrears?on=2022-12-31&known=2022-12-31")
    assert "滨江饭店 restaurant 2022-02/2022-11" in listed
    assert "press" not in listed


def test_a_forfeited_family_account(auditor: Client) -> None:
    page = read(auditor, "/console/510500/household?id=H007&on=2020-01-02&known=2022-12-31")
    assert re.search(r"2020-01-01 中断归并统筹基金 [\d.,]+ 0\.00 时间推移", page), page


def test_news_that_came_late_rewrites_the_day(auditor: Client) -> None:
    address = "/console/510500/person?id=H019-1&on=2020-02-01&known="
    assert "居民医保 未参保 中断参保" in read(auditor, f"{address}2020-03-31")
    assert "居民医保 正常享受" in read(auditor, f"{address}2020-04-30")


def test_the_city_at_a_glance_has_a_table_for_its_chart(auditor: Client) -> None:
    answer = auditor.get("/console/510500?on=2022-12-31&known=2022-12-31").text
    plotted = re.findall(r'data-plot="([^"]+)"', answer)
    assert plotted
    for table in plotted:
        assert f'<table class="ledger dense" id="{table}">' in answer
    assert "职工统筹基金 居民统筹基金 2022-12-31" in words(answer)
    assert "无人订阅" in answer


def test_found_by_identifier_and_by_name(auditor: Client) -> None:
    straight = auditor.get("/console/510500/find?q=陈静", follow_redirects=False)
    assert straight.headers["location"] == "/console/510500/person?id=mother"
    several = read(auditor, "/console/510500/find?q=press")
    assert "press 晨光印刷厂" in several
    assert "press-02" in several


def test_a_statement_to_print_and_a_fact_as_it_was_told(auditor: Client) -> None:
    statement = read(auditor, "/console/510500/statement?id=mother&on=2019-12-31&known=2019-12-31")
    assert "2019-07-14 mother-stay 住院 予以支付 9,000.00 6,630.00 2,370.00" in statement
    fact = read(auditor, "/console/510500/fact?id=back-payment")
    assert "缴费到账 back-payment" in fact
    assert "用人单位 press" in fact


def test_in_english_too_and_the_choice_is_remembered(auditor: Client) -> None:
    address = f"{MOTHER}&known=2019-08-15"
    chosen = auditor.get("/console/language/en", params={"back": address}, follow_redirects=False)
    assert chosen.headers["location"] == address
    page = auditor.get(address)
    assert 'lang="en"' in page.text
    assert "On 2019-07-14 , as known on 2019-08-15 : employee suspended" in words(page.text)
    auditor.get("/console/language/zh", follow_redirects=False)


def test_everything_worth_a_look_is_there(auditor: Client) -> None:
    told = pointers(plan())
    assert len(told) >= 5
    for each in told:
        assert auditor.get(f"/console/{each['page']}").status_code == 200, each


@pytest.mark.parametrize(
    ("address", "code", "status"),
    [
        ("person?id=nobody", "unknown_reference", 404),
        ("nowhere/at/all", "not_found", 404),
        ("person?id=mother&on=yesterday", "wrong_type", 422),
        ("why?kind=month&person=mother&key=months/employee/1999-01", "unknown_reference", 404),
        ("why?kind=status&person=mother", "field_missing", 422),
        ("compare?id=mother&known_before=2020-01-01&known=2019-01-01", "value_not_allowed", 422),
        ("proof?ask=nonsense", "unknown_fact", 422),
    ],
)
def test_what_cannot_be_answered_is_said_with_its_code(
    auditor: Client, address: str, code: str, status: int
) -> None:
    answer = auditor.get(f"/console/510500/{address}")
    assert (answer.status_code, code in answer.text) == (status, True), answer.text


def test_in_a_long_ledger_everybody_is_found_by_identifier(
    auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.console.reading.finding.MOST_ROWS", 10)
    page = read(auditor, "/console/510500/find?q=press")
    assert "账本较长，只能按标识查找，至少输入四个字符。" in page
    assert "press 晨光印刷厂" in page
    for asked in ("陈静", "pre"):
        assert "没有以此开头的标识" in read(auditor, f"/console/510500/find?q={asked}")
