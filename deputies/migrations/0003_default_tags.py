"""The tags to begin with; staff add their own."""

from typing import Any

from django.db import migrations

INDUSTRIES = (
    *("农林牧渔业", "制造业", "建筑业", "批发和零售业", "交通运输业", "住宿和餐饮业", "信息技术服务业", "金融业"),
    *("房地产业", "水利和环境管理", "居民服务业", "教育", "卫生和社会工作", "文化体育和旅游", "科研和技术服务"),
    *("公共管理",),
)
EXPERTISE = (
    *("法律", "生态环境", "食品药品安全", "农业技术", "医疗卫生", "教育教学", "财政金融", "城乡规划", "工程建设"),
    *("信息技术", "文物保护", "安全生产", "企业管理", "基层治理", "未成年人保护", "妇女权益保障"),
)


def add(apps: Any, schema_editor: Any) -> None:
    tag = apps.get_model("deputies", "Tag")
    rows = [tag(kind="industry", name=name) for name in INDUSTRIES]
    rows += [tag(kind="expertise", name=name) for name in EXPERTISE]
    tag.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("deputies", "0002_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
