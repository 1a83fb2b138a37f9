"""Categories, refusal clauses and public-interest domains of the rulebook, as rows that staff may change."""

from django.db import migrations

CATEGORIES = [
    "发展规划",
    "农业",
    "工业能源",
    "城建环资",
    "财税金融",
    "贸易交通文旅",
    "科教文卫体",
    "社会建设",
    "法治建设",
    "人大工作",
]
CLAUSES = [
    "涉及代表本人及其亲属的个人事务",
    "涉及具体的司法案件或者监察案件",
    "代转人民群众来信、申诉、控告",
    "属于学术探讨或者产品推介",
    "涉及招标投标等具体经营活动",
    "没有具体内容",
    "不属于本级职权范围",
]
STATUTORY = [
    "生态环境和资源保护",
    "食品药品安全",
    "国有财产保护",
    "国有土地使用权出让",
    "英雄烈士保护",
    "未成年人保护",
    "军人地位和权益保障",
    "安全生产",
    "个人信息保护",
    "反垄断",
    "反电信网络诈骗",
    "农产品质量安全",
    "妇女权益保障",
    "无障碍环境建设",
]
FURTHER = ["文物和文化遗产保护", "国防和军事利益", "其他"]


def load(apps, schema_editor):
    category = apps.get_model("suggestions", "Category")
    clause = apps.get_model("suggestions", "RefusalClause")
    domain = apps.get_model("suggestions", "PublicInterestDomain")
    category.objects.bulk_create(category(name=name, position=i) for i, name in enumerate(CATEGORIES, 1))
    clause.objects.bulk_create(clause(name=name, position=i) for i, name in enumerate(CLAUSES, 1))
    domain.objects.bulk_create(
        domain(name=name, position=i, statutory=name in STATUTORY) for i, name in enumerate(STATUTORY + FURTHER, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
