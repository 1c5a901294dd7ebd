"""What each code means over HTTP: status, and words in both languages. Codes of facts v1 have their own labels."""

from http import HTTPStatus as Http
from typing import NamedTuple

from domain.values.terms.codes import CODE_LABELS


class Meaning(NamedTuple):
    """Of a code: HTTP status, English and Chinese title."""

    status: int
    title: str
    label: str


SERVICE: dict[str, Meaning] = {
    "token_missing": Meaning(Http.UNAUTHORIZED, "A token is needed", "缺少令牌"),
    "token_invalid": Meaning(Http.UNAUTHORIZED, "The token does not count", "令牌无效"),
    "token_expired": Meaning(Http.UNAUTHORIZED, "The token has expired", "令牌已过期"),
    "token_revoked": Meaning(Http.UNAUTHORIZED, "The token was revoked", "令牌已撤销"),
    "identity_provider_unreachable": Meaning(
        Http.SERVICE_UNAVAILABLE, "The identity provider does not answer", "身份提供方无法访问"
    ),
    "not_allowed": Meaning(Http.FORBIDDEN, "The role does not allow this", "角色无此权限"),
    "city_out_of_scope": Meaning(Http.FORBIDDEN, "The token is for other cities", "城市不在授权范围"),
    "not_found": Meaning(Http.NOT_FOUND, "There is nothing at this address", "地址不存在"),
    "method_not_allowed": Meaning(
        Http.METHOD_NOT_ALLOWED, "Not a method of this address", "不支持的请求方法"
    ),
    "not_json": Meaning(Http.BAD_REQUEST, "The body is not JSON", "不是有效的 JSON"),
    "not_utf8": Meaning(Http.BAD_REQUEST, "The body is not UTF-8", "不是 UTF-8 编码"),
    "wrong_media_type": Meaning(
        Http.UNSUPPORTED_MEDIA_TYPE, "Not a media type that is read here", "不支持的媒体类型"
    ),
    "body_too_large": Meaning(Http.REQUEST_ENTITY_TOO_LARGE, "The body is too large", "请求体过大"),
    "line_too_long": Meaning(Http.REQUEST_ENTITY_TOO_LARGE, "A line is too long", "单行过长"),
    "too_many_facts": Meaning(Http.REQUEST_ENTITY_TOO_LARGE, "Too many facts at once", "一次提交的事实过多"),
    "too_many_calls": Meaning(Http.TOO_MANY_REQUESTS, "Too many calls", "请求过于频繁"),
    "too_many_streams": Meaning(Http.SERVICE_UNAVAILABLE, "Too many streams are open", "打开的流过多"),
    "took_too_long": Meaning(Http.GATEWAY_TIMEOUT, "It took too long", "处理超时"),
    "tables_ahead": Meaning(Http.SERVICE_UNAVAILABLE, "The tables are not of this log", "数据表与日志不符"),
    "access_log_full": Meaning(Http.SERVICE_UNAVAILABLE, "The access log cannot keep up", "访问日志已满"),
    "signing_key_missing": Meaning(Http.CONFLICT, "There is no key to sign proofs", "未配置签名密钥"),
    "position_unknown": Meaning(Http.NOT_FOUND, "The log does not reach there", "位置不存在"),
    "subscription_unknown": Meaning(Http.NOT_FOUND, "There is no such subscription", "订阅不存在"),
    "subscription_exists": Meaning(Http.CONFLICT, "There is such a subscription already", "订阅已存在"),
    "parked_unknown": Meaning(Http.NOT_FOUND, "Nothing is parked there", "无搁置的事件"),
    "checkpoint_missing": Meaning(Http.CONFLICT, "No signed checkpoint covers it", "缺少已签名的检查点"),
    "proof_differs": Meaning(Http.CONFLICT, "The ledger contradicts itself", "账本前后不一致"),
    "proof_too_large": Meaning(Http.CONFLICT, "The proof would be too large", "证明包过大"),
    "stopping": Meaning(Http.SERVICE_UNAVAILABLE, "The service is stopping", "服务正在停止"),
    "conflict": Meaning(Http.CONFLICT, "Somebody else wrote first", "写入冲突"),
    "database_locked": Meaning(Http.SERVICE_UNAVAILABLE, "Another program is writing", "数据库被锁定"),
    "database_full": Meaning(Http.INSUFFICIENT_STORAGE, "No room is left", "空间不足"),
    "database_read_only": Meaning(Http.SERVICE_UNAVAILABLE, "Writing is forbidden", "数据库只读"),
    "internal_error": Meaning(Http.INTERNAL_SERVER_ERROR, "A defect of this program", "程序内部错误"),
}
FACTS: dict[str, int] = {
    "duplicate_id": Http.CONFLICT,
    "overlapping_period": Http.CONFLICT,
    "wrong_correction": Http.CONFLICT,
    "recorded_out_of_order": Http.CONFLICT,
    "unknown_reference": Http.NOT_FOUND,
}
"""Codes of facts v1 that are not about the form of the input."""


def meaning(code: str) -> Meaning:
    """Status and titles of any code."""
    if code in SERVICE:
        return SERVICE[code]
    if code.startswith("database_"):
        return Meaning(Http.SERVICE_UNAVAILABLE, "The database cannot be used", "数据库不可用")
    label = CODE_LABELS.get(code, "")
    return Meaning(FACTS.get(code, Http.UNPROCESSABLE_ENTITY), code.replace("_", " ").capitalize(), label)
