"""Chinese wording of the kernel's audit actions, and of the names that stand in their details."""

from __future__ import annotations

#: Action code → wording on the audit page.
ACTION_LABELS: dict[str, str] = {
    "account.sign_in": "登录",
    "account.sign_out": "退出登录",
    "account.idle_exit": "超时自动退出",
    "account.lock": "账号锁定",
    "account.unlock": "解除锁定",
    "account.switch": "切换身份",
    "access.deny": "越权被拒",
    "session.end": "让其他设备退出",
    "password.change": "修改密码",
    "password.reset": "通过邮件链接设置密码",
    "password.initial": "生成初始密码",
    "password.link_ask": "申请找回密码",
    "password.link_send": "发送设置密码的邮件",
    "mfa.add": "添加两步验证方式",
    "mfa.remove": "移除两步验证方式",
    "mfa.reset": "撤销两步验证",
    "user.create": "新建账号",
    "user.update": "修改账号资料",
    "user.deactivate": "停用账号",
    "user.activate": "恢复账号",
    "posting.grant": "分配岗位",
    "posting.end": "结束岗位",
    "organisation.create": "新建机构",
    "organisation.update": "修改机构",
    "organisation.deactivate": "停用机构",
    "organisation.activate": "恢复机构",
}

#: Name in a detail → wording.
DETAIL_LABELS: dict[str, str] = {
    "username": "用户名",
    "name": "姓名或名称",
    "phone": "手机号码",
    "office_phone": "联系电话",
    "email": "电子邮箱",
    "region": "所属区划",
    "short_name": "简称",
    "department": "具体负责机构",
    "kind": "类别",
    "organisation": "机构",
    "role": "角色",
    "reason": "原因",
    "means": "验证方式",
    "failures": "连续失败次数",
    "count": "数量",
    "old": "原值",
    "new": "新值",
}

#: Coded value in a detail → wording.
VALUE_LABELS: dict[str, str] = {
    "password": "密码",
    "totp": "身份验证器",
    "webauthn": "通行密钥",
    "recovery_codes": "备用码",
    "demo": "演示按钮",
    "password_reset": "邮件链接",
}
