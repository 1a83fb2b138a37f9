"""Default rules of what the hotline does not take (rulebook section 5); staff may change them."""

from __future__ import annotations

from django.db import migrations

RULES = [
    (
        "congress",
        "人大职权事项",
        "选举、罢免、代表履职等属于人大及其常委会的职权，热线不受理。",
        "请交人大工作机构办理。",
        "罢免\n选举权\n换届选举\n人大代表资格",
    ),
    (
        "court",
        "涉法涉诉事项",
        "已经或者应当通过诉讼、仲裁、行政复议解决的，热线不受理。",
        "请告知反映人依法向人民法院、仲裁机构或者行政复议机关提出。",
        "起诉\n判决\n上诉\n再审\n法院\n仲裁\n行政复议\n强制执行",
    ),
    (
        "procuratorate",
        "检察、公安侦查事项",
        "刑事侦查、检察监督属于司法机关职权，热线不受理。",
        "请告知反映人向公安机关报案或者向检察机关反映；紧急的拨打110。",
        "立案侦查\n刑事案件\n检察院\n抗诉\n报案",
    ),
    (
        "discipline",
        "纪检监察事项",
        "检举控告党员干部违纪违法的，由纪检监察机关受理。",
        "请告知反映人拨打12388。",
        "受贿\n行贿\n贪污\n违纪\n以权谋私\n检举\n纪委",
    ),
    (
        "military",
        "军队和国防事项",
        "军队内部事务、国防设施，热线不受理。",
        "请由人大工作机构与有关方面联系。",
        "部队\n军营\n军事设施\n军事秘密",
    ),
    (
        "secret",
        "国家秘密、商业秘密和个人隐私",
        "热线系统不处理涉密内容。",
        "请删去涉密的内容，或者按保密规定另行反映。",
        "绝密\n机密\n国家秘密\n商业秘密",
    ),
    (
        "petition",
        "已经办结或者正在办理的信访事项",
        "已有处理意见或者正在办理的，热线不重复受理。",
        "请按信访程序申请复查、复核，或者等待办理结果。",
        "信访复查\n信访复核\n信访答复\n已经答复\n重复信访",
    ),
    (
        "emergency",
        "紧急警情",
        "危及人身安全的，热线不能代替紧急救助。",
        "请立即拨打110、119、120或者122。",
        "正在打人\n着火了\n有人落水\n煤气泄漏",
    ),
]


def fill(apps, schema_editor):
    rule = apps.get_model("suggestions", "ScopeRule")
    for position, (code, name, reason, instead, words) in enumerate(RULES, start=1):
        rule.objects.get_or_create(
            code=code,
            defaults={"name": name, "reason": reason, "instead": instead, "words": words, "position": position},
        )


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0005_hotline")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
