"""Rules on users, invitees and guests."""

import re

from tm_async.core.validation import Rule

__all__ = ["AREA", "GUESTS", "INVITEES", "PHONE_NUMBER", "USERID"]

USERID = Rule(
    name="userid",
    holds=lambda userid: userid != "" and userid != "1",  # noqa: PLR1714 - two facts, and fast
    actual=repr,
    message='must be a user id: neither empty nor "1", which the vendor excludes (given: {actual})',
    message_zh='应为用户 ID：不能为空，也不能为 "1"（官方明确排除；当前：{actual}）',
    page="1095/42417",
)

INVITEES = Rule(
    name="invitees-count",
    holds=lambda invitees: len(invitees) <= 300,
    limit=300,
    actual=len,
    message="has {actual} entries, at most {limit}; create_with_invitees and replace_invitees take up to 2000",
    message_zh="有 {actual} 人，最多 {limit} 人；create_with_invitees 和 replace_invitees 最多可设 2000 人",
    page="1095/42417",
)

GUESTS = Rule(
    name="guests-count",
    holds=lambda guests: len(guests) <= 2000,
    limit=2000,
    actual=len,
    message="has {actual} entries, at most {limit}",
    message_zh="有 {actual} 人，最多 {limit} 人",
    page="1095/42417",
)

AREA = Rule(
    name="guest-area",
    holds=re.compile(r"[1-9][0-9]*\Z").match,
    actual=repr,
    message="must be the calling code in digits, without + or 00, for example 86 (given: {actual})",
    message_zh="应为纯数字的国家/地区代码，不带 + 或 00，例如 86（当前：{actual}）",
    page="1095/42417",
)

PHONE_NUMBER = Rule(
    name="guest-phone",
    holds=re.compile(r"[0-9]+\Z").match,
    message="must be a mobile number in digits",
    message_zh="应为纯数字的手机号码",
    page="1095/93438",
)
