"""The columns of a staff list; helps show them, so this loads nothing."""

from collections.abc import Mapping

__all__ = ["ALIASES", "columns_help"]

ALIASES: Mapping[str, tuple[str, ...]] = {
    "userid": ("用户ID", "账号", "帐号", "工作账号"),
    "username": ("姓名", "用户名", "名字", "员工姓名"),
    "phone": ("手机", "手机号", "手机号码", "电话"),
    "area": ("区号", "国家码", "国际区号"),
    "email": ("邮箱", "电子邮箱", "邮件", "工作邮箱"),
    "job_title": ("职位", "职务", "岗位"),
    "staff_id": ("工号", "员工编号"),
    "department": ("部门", "部门ID", "department_id"),
    "licence": ("许可", "账号类型", "帐号类型", "user_account_type"),
    "role": ("角色", "角色代码", "role_code"),
}
"""Headings besides the names."""


def columns_help() -> str:
    """The columns with their other headings, one a line."""
    return "\n".join(f"  {name:<10}  {', '.join(aliases)}" for name, aliases in ALIASES.items())
