import uuid

import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("deputies", "0004_mandate_words"),
        ("liaison", "0004_fewer_indexes"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="序号"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="项目名称")),
                (
                    "content",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name="建设内容"
                    ),
                ),
                ("place", models.CharField(max_length=120, verbose_name="实施地点")),
                (
                    "investment",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="投资额（万元）",
                    ),
                ),
                ("money_source", models.CharField(max_length=120, verbose_name="资金来源")),
                (
                    "unit_name",
                    models.CharField(
                        help_text="责任单位还没有开通账号时只填名称。", max_length=120, verbose_name="责任单位名称"
                    ),
                ),
                ("finish_on", models.DateField(verbose_name="完成时间")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "拟定"),
                            ("listed", "候选"),
                            ("withdrawn", "已撤下"),
                            ("elected", "票决通过"),
                            ("not_elected", "未通过"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("withdrawn_reason", models.CharField(blank=True, max_length=300, verbose_name="撤下原因")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidates",
                        to="liaison.organisation",
                        verbose_name="责任单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "候选项目",
                "ordering": ["programme", "number"],
            },
        ),
        migrations.CreateModel(
            name="CandidateComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                (
                    "text",
                    models.TextField(validators=[django.core.validators.MaxLengthValidator(1000)], verbose_name="意见"),
                ),
                (
                    "answer",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="处理情况",
                    ),
                ),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="votes.candidate"
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deputies.mandate"
                    ),
                ),
            ],
            options={
                "verbose_name": "审议意见",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                (
                    "region_prefix",
                    models.CharField(db_collation="C", editable=False, max_length=9, verbose_name="区划前缀"),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2015),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="年度",
                    ),
                ),
                (
                    "places",
                    models.PositiveSmallIntegerField(
                        help_text="乡镇一般1至3件，县级一般5至10件。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="应选项目数",
                    ),
                ),
                (
                    "introduction",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="征集公告",
                    ),
                ),
                ("call_from", models.DateField(blank=True, null=True, verbose_name="征集开始")),
                ("call_until", models.DateField(blank=True, null=True, verbose_name="征集截止")),
                ("list_on", models.DateField(blank=True, null=True, verbose_name="初定候选项目")),
                ("vote_on", models.DateField(blank=True, null=True, verbose_name="会议票决")),
                ("finish_on", models.DateField(blank=True, null=True, verbose_name="项目完成")),
                ("appraise_on", models.DateField(blank=True, null=True, verbose_name="满意度测评")),
                ("min_call_days", models.PositiveSmallIntegerField(default=30, verbose_name="征集最短天数")),
                (
                    "extra_percent",
                    models.PositiveSmallIntegerField(
                        default=20,
                        help_text="候选项目少于此差额时提醒；至少多1件。",
                        validators=[django.core.validators.MaxValueValidator(200)],
                        verbose_name="差额比例（%）",
                    ),
                ),
                (
                    "report_days",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="季报报送期限（季后天数）",
                    ),
                ),
                (
                    "scale",
                    models.CharField(
                        choices=[("three", "满意、基本满意、不满意"), ("four", "非常满意、满意、基本满意、不满意")],
                        default="three",
                        max_length=5,
                        verbose_name="测评档次",
                    ),
                ),
                ("leader", models.CharField(blank=True, max_length=60, verbose_name="分管负责人")),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="联系人")),
                ("contact_phone", models.CharField(blank=True, max_length=30, verbose_name="联系电话")),
                ("is_public", models.BooleanField(default=True, verbose_name="向社会公开")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("preparing", "筹备"),
                            ("collecting", "公开征集"),
                            ("screening", "筛选初定"),
                            ("listed", "候选项目已定"),
                            ("voting", "会议票决"),
                            ("underway", "组织实施"),
                            ("appraising", "监督评议"),
                            ("closed", "已结束"),
                        ],
                        default="preparing",
                        editable=False,
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                (
                    "open_places_note",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="空缺名额的决定"),
                ),
                (
                    "congress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="deputies.congress",
                        verbose_name="人民代表大会",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="liaison.organisation",
                        verbose_name="承办机构",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="deputies.session",
                        verbose_name="票决会议",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度民生实事项目",
                "ordering": ["-year", "region_prefix"],
            },
        ),
        migrations.CreateModel(
            name="CandidateEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="序号"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="项目名称")),
                (
                    "content",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name="建设内容"
                    ),
                ),
                ("place", models.CharField(max_length=120, verbose_name="实施地点")),
                (
                    "investment",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="投资额（万元）",
                    ),
                ),
                ("money_source", models.CharField(max_length=120, verbose_name="资金来源")),
                (
                    "unit_name",
                    models.CharField(
                        help_text="责任单位还没有开通账号时只填名称。", max_length=120, verbose_name="责任单位名称"
                    ),
                ),
                ("finish_on", models.DateField(verbose_name="完成时间")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "拟定"),
                            ("listed", "候选"),
                            ("withdrawn", "已撤下"),
                            ("elected", "票决通过"),
                            ("not_elected", "未通过"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("withdrawn_reason", models.CharField(blank=True, max_length=300, verbose_name="撤下原因")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="votes.candidate",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="liaison.organisation",
                        verbose_name="责任单位",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="votes.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="candidate",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="candidates", to="votes.programme"
            ),
        ),
        migrations.CreateModel(
            name="ProgrammeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "region_prefix",
                    models.CharField(db_collation="C", editable=False, max_length=9, verbose_name="区划前缀"),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2015),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="年度",
                    ),
                ),
                (
                    "places",
                    models.PositiveSmallIntegerField(
                        help_text="乡镇一般1至3件，县级一般5至10件。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="应选项目数",
                    ),
                ),
                (
                    "introduction",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="征集公告",
                    ),
                ),
                ("call_from", models.DateField(blank=True, null=True, verbose_name="征集开始")),
                ("call_until", models.DateField(blank=True, null=True, verbose_name="征集截止")),
                ("list_on", models.DateField(blank=True, null=True, verbose_name="初定候选项目")),
                ("vote_on", models.DateField(blank=True, null=True, verbose_name="会议票决")),
                ("finish_on", models.DateField(blank=True, null=True, verbose_name="项目完成")),
                ("appraise_on", models.DateField(blank=True, null=True, verbose_name="满意度测评")),
                ("min_call_days", models.PositiveSmallIntegerField(default=30, verbose_name="征集最短天数")),
                (
                    "extra_percent",
                    models.PositiveSmallIntegerField(
                        default=20,
                        help_text="候选项目少于此差额时提醒；至少多1件。",
                        validators=[django.core.validators.MaxValueValidator(200)],
                        verbose_name="差额比例（%）",
                    ),
                ),
                (
                    "report_days",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="季报报送期限（季后天数）",
                    ),
                ),
                (
                    "scale",
                    models.CharField(
                        choices=[("three", "满意、基本满意、不满意"), ("four", "非常满意、满意、基本满意、不满意")],
                        default="three",
                        max_length=5,
                        verbose_name="测评档次",
                    ),
                ),
                ("leader", models.CharField(blank=True, max_length=60, verbose_name="分管负责人")),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="联系人")),
                ("contact_phone", models.CharField(blank=True, max_length=30, verbose_name="联系电话")),
                ("is_public", models.BooleanField(default=True, verbose_name="向社会公开")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("preparing", "筹备"),
                            ("collecting", "公开征集"),
                            ("screening", "筛选初定"),
                            ("listed", "候选项目已定"),
                            ("voting", "会议票决"),
                            ("underway", "组织实施"),
                            ("appraising", "监督评议"),
                            ("closed", "已结束"),
                        ],
                        default="preparing",
                        editable=False,
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                (
                    "open_places_note",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="空缺名额的决定"),
                ),
                (
                    "congress",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deputies.congress",
                        verbose_name="人民代表大会",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="liaison.organisation",
                        verbose_name="承办机构",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="votes.programme",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="deputies.session",
                        verbose_name="票决会议",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                (
                    "region_prefix",
                    models.CharField(db_collation="C", editable=False, max_length=9, verbose_name="区划前缀"),
                ),
                ("name", models.CharField(max_length=80, verbose_name="项目名称")),
                (
                    "content",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name="建设内容"
                    ),
                ),
                ("place", models.CharField(max_length=120, verbose_name="实施地点")),
                (
                    "investment",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="投资额（万元）",
                    ),
                ),
                ("unit_name", models.CharField(max_length=120, verbose_name="责任单位名称")),
                ("finish_on", models.DateField(verbose_name="完成时间")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("underway", "实施中"),
                            ("finished", "已完工"),
                            ("handed_over", "已交付使用"),
                            ("stopped", "经批准终止"),
                        ],
                        default="underway",
                        editable=False,
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="形象进度（%）",
                    ),
                ),
                (
                    "money_used",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="累计使用资金（万元）",
                    ),
                ),
                ("finished_on", models.DateField(blank=True, null=True, verbose_name="完工日期")),
                ("handed_over_on", models.DateField(blank=True, null=True, verbose_name="交付日期")),
                (
                    "candidate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="project", to="votes.candidate"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="liaison.organisation"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="projects", to="votes.programme"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="liaison.organisation",
                        verbose_name="责任单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "实施项目",
                "ordering": ["programme", "candidate__number"],
            },
        ),
        migrations.CreateModel(
            name="ProgressReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "quarter",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(4),
                        ],
                        verbose_name="季度",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("due", "待报送"), ("submitted", "已报送")],
                        default="due",
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="进展情况",
                    ),
                ),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="形象进度（%）",
                    ),
                ),
                (
                    "money_used",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="累计使用资金（万元）",
                    ),
                ),
                (
                    "problems",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="困难和问题",
                    ),
                ),
                (
                    "explanation",
                    models.TextField(
                        blank=True, validators=[django.core.validators.MaxLengthValidator(500)], verbose_name="情况说明"
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="报送时间")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="votes.project"
                    ),
                ),
            ],
            options={
                "verbose_name": "季度进展报告",
                "ordering": ["project", "year", "quarter"],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="节点")),
                ("due_on", models.DateField(verbose_name="计划完成")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="实际完成")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="milestones", to="votes.project"
                    ),
                ),
            ],
            options={
                "verbose_name": "进度节点",
                "ordering": ["project", "due_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="ProjectChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                ("wanted", models.JSONField(verbose_name="调整内容")),
                ("before", models.JSONField(blank=True, default=dict, verbose_name="调整前")),
                (
                    "reason",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(1000)], verbose_name="调整理由"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("requested", "待审批"), ("approved", "已批准"), ("refused", "未批准")],
                        default="requested",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("deciding_body", models.CharField(blank=True, max_length=60, verbose_name="审批机关")),
                ("decision", models.CharField(blank=True, max_length=120, verbose_name="审批文号或会议")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="审批日期")),
                (
                    "decision_note",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="审批意见",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="votes.project"
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "项目调整",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ProjectEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "region_prefix",
                    models.CharField(db_collation="C", editable=False, max_length=9, verbose_name="区划前缀"),
                ),
                ("name", models.CharField(max_length=80, verbose_name="项目名称")),
                (
                    "content",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name="建设内容"
                    ),
                ),
                ("place", models.CharField(max_length=120, verbose_name="实施地点")),
                (
                    "investment",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="投资额（万元）",
                    ),
                ),
                ("unit_name", models.CharField(max_length=120, verbose_name="责任单位名称")),
                ("finish_on", models.DateField(verbose_name="完成时间")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("underway", "实施中"),
                            ("finished", "已完工"),
                            ("handed_over", "已交付使用"),
                            ("stopped", "经批准终止"),
                        ],
                        default="underway",
                        editable=False,
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="形象进度（%）",
                    ),
                ),
                (
                    "money_used",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="累计使用资金（万元）",
                    ),
                ),
                ("finished_on", models.DateField(blank=True, null=True, verbose_name="完工日期")),
                ("handed_over_on", models.DateField(blank=True, null=True, verbose_name="交付日期")),
                (
                    "candidate",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="votes.candidate",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="liaison.organisation",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="votes.project",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="votes.programme",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="liaison.organisation",
                        verbose_name="责任单位",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                (
                    "source",
                    models.CharField(
                        choices=[("public", "群众"), ("deputy", "代表"), ("department", "部门")],
                        max_length=12,
                        verbose_name="来源",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("online", "网上提交"), ("paper", "纸质录入"), ("import", "表格导入")],
                        default="online",
                        max_length=8,
                        verbose_name="渠道",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="项目名称")),
                (
                    "content",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name="建议内容"
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="建设地点")),
                ("proposer_name", models.CharField(blank=True, max_length=40, verbose_name="姓名")),
                ("proposer_contact", models.CharField(blank=True, max_length=60, verbose_name="联系方式")),
                ("submission_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("receipt_hash", models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True)),
                ("received_on", models.DateField(verbose_name="收到日期")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "待筛选"),
                            ("merged", "已合并"),
                            ("adopted", "已列入候选"),
                            ("rejected", "未采纳"),
                        ],
                        default="received",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("failed_points", models.JSONField(blank=True, default=list, verbose_name="不符合的要点")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                (
                    "candidate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="votes.candidate",
                        verbose_name="候选项目",
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="deputies.mandate",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="votes.proposal",
                        verbose_name="并入",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="liaison.organisation",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="votes.programme"
                    ),
                ),
            ],
            options={
                "verbose_name": "项目建议",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                (
                    "region_prefix",
                    models.CharField(db_collation="C", editable=False, max_length=9, verbose_name="区划前缀"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("projects", "项目票决"),
                            ("run_off", "再次投票"),
                            ("appraisal", "满意度测评"),
                            ("duty", "履职评议"),
                            ("report", "代表述职测评"),
                        ],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="轮次")),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("places", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="应选数")),
                (
                    "scale",
                    models.CharField(
                        choices=[("three", "满意、基本满意、不满意"), ("four", "非常满意、满意、基本满意、不满意")],
                        default="three",
                        max_length=5,
                        verbose_name="测评档次",
                    ),
                ),
                ("is_public", models.BooleanField(default=True, verbose_name="结果向社会公开")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("preparing", "准备"),
                            ("open", "正在投票"),
                            ("closed", "已截止，待计票"),
                            ("counted", "已计票，待宣布"),
                            ("declared", "已宣布"),
                            ("void", "本轮无效"),
                        ],
                        default="preparing",
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                ("session_code", models.CharField(blank=True, editable=False, max_length=6, verbose_name="签到码")),
                ("opened_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="开始投票")),
                ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="截止时间")),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="实际截止")),
                ("counted_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="计票时间")),
                ("declared_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="宣布时间")),
                ("void_reason", models.CharField(blank=True, editable=False, max_length=300, verbose_name="无效原因")),
                ("roll_hash", models.CharField(blank=True, editable=False, max_length=64, verbose_name="名册摘要")),
                ("ballots_hash", models.CharField(blank=True, editable=False, max_length=64, verbose_name="选票摘要")),
                ("roll_count", models.PositiveIntegerField(default=0, editable=False, verbose_name="全体代表")),
                ("box_key", models.BinaryField(blank=True, max_length=32, null=True, verbose_name="票箱公钥")),
                ("paper_issued", models.PositiveIntegerField(default=0, verbose_name="发出纸质票")),
                ("result", models.JSONField(blank=True, editable=False, null=True, verbose_name="计票结果")),
                (
                    "congress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="deputies.congress"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="liaison.organisation"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="votes.programme",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="deputies.session",
                        verbose_name="会议",
                    ),
                ),
            ],
            options={
                "verbose_name": "投票",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="RollEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveIntegerField(verbose_name="序号")),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                ("certificate_number", models.CharField(max_length=30, verbose_name="代表证号")),
                ("electoral_unit", models.CharField(blank=True, max_length=100, verbose_name="代表团")),
                (
                    "attendance",
                    models.CharField(
                        blank=True,
                        choices=[("code", "本人签到"), ("staff", "工作人员登记")],
                        max_length=5,
                        verbose_name="签到",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("phone", "手机"), ("slip", "投票码"), ("paper", "纸质票")],
                        max_length=5,
                        verbose_name="投票方式",
                    ),
                ),
                ("slip_hash", models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True)),
                ("receipt_check", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "mandate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roll_entries", to="deputies.mandate"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="roll", to="votes.round"
                    ),
                ),
            ],
            options={
                "verbose_name": "投票名册",
                "ordering": ["round", "position"],
            },
        ),
        migrations.CreateModel(
            name="PaperCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "counter",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "第一录入人"), (2, "第二录入人")], verbose_name="第几录入人"
                    ),
                ),
                ("returned", models.PositiveIntegerField(verbose_name="收回")),
                ("void", models.PositiveIntegerField(verbose_name="废票")),
                ("lines", models.JSONField(verbose_name="各项得票")),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="paper_counts", to="votes.round"
                    ),
                ),
            ],
            options={
                "verbose_name": "纸质票录入",
                "ordering": ["round", "counter"],
            },
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                (
                    "region_prefix",
                    models.CharField(db_collation="C", editable=False, max_length=9, verbose_name="区划前缀"),
                ),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("classes", models.JSONField(default=list, verbose_name="类别和人员")),
                ("list_hash", models.CharField(blank=True, editable=False, max_length=64, verbose_name="名单摘要")),
                ("fixed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="名单锁定时间")),
                ("seed", models.CharField(blank=True, max_length=200, verbose_name="公开种子")),
                ("seed_source", models.CharField(blank=True, max_length=200, verbose_name="种子来源")),
                ("drawn", models.JSONField(blank=True, default=list, editable=False, verbose_name="抽取结果")),
                ("drawn_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="抽取时间")),
                ("is_public", models.BooleanField(default=True, verbose_name="向社会公开")),
                (
                    "congress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="deputies.congress"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="liaison.organisation"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="votes.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "评议对象抽取",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CountedReceipt",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("receipt_hash", models.CharField(max_length=64)),
                (
                    "round",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="votes.round"),
                ),
            ],
            options={
                "verbose_name": "已计票回执",
            },
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("marks", models.CharField(max_length=60)),
                ("is_valid", models.BooleanField(verbose_name="有效")),
                (
                    "round",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="votes.round"),
                ),
            ],
            options={
                "verbose_name": "选票",
            },
        ),
        migrations.CreateModel(
            name="RoundOption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "detail",
                    models.TextField(
                        blank=True, validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name="说明"
                    ),
                ),
                (
                    "candidate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="options",
                        to="votes.candidate",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="options",
                        to="votes.project",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="options", to="votes.round"
                    ),
                ),
            ],
            options={
                "verbose_name": "投票事项",
                "ordering": ["round", "position"],
            },
        ),
        migrations.CreateModel(
            name="SealedBallot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                (
                    "round",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="votes.round"),
                ),
            ],
            options={
                "verbose_name": "封存选票",
            },
        ),
        migrations.CreateModel(
            name="SupervisionGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "head",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deputies.mandate",
                        verbose_name="组长",
                    ),
                ),
                (
                    "members",
                    models.ManyToManyField(
                        related_name="supervision_groups", to="deputies.mandate", verbose_name="成员"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="votes.programme"
                    ),
                ),
                (
                    "projects",
                    models.ManyToManyField(related_name="groups", to="votes.project", verbose_name="监督项目"),
                ),
            ],
            options={
                "verbose_name": "监督小组",
                "ordering": ["programme", "id"],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                ("inspected_on", models.DateField(verbose_name="检查日期")),
                (
                    "findings",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name="检查情况"
                    ),
                ),
                (
                    "demands",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="整改要求",
                    ),
                ),
                ("answer_by", models.DateField(blank=True, null=True, verbose_name="答复期限")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("recorded", "无整改要求"),
                            ("demanded", "待整改答复"),
                            ("answered", "已答复待核查"),
                            ("checked", "已核查销号"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                (
                    "answer",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="整改情况",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="答复时间")),
                (
                    "check_note",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="核查意见",
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="核查日期")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="inspections", to="votes.project"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="votes.supervisiongroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "监督检查",
                "ordering": ["-inspected_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Teller",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("scrutineer", "监票人"), ("counter", "计票人")], max_length=10, verbose_name="职责"
                    ),
                ),
                ("salt", models.BinaryField(blank=True, max_length=16, null=True)),
                ("public_key", models.BinaryField(blank=True, max_length=32, null=True)),
                ("share", models.BinaryField(blank=True, max_length=80, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="口令错误次数")),
                ("locked_until", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="锁定至")),
                ("signed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="签字时间")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tellers", to="votes.round"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "监票计票人",
                "ordering": ["round", "role"],
            },
        ),
        migrations.CreateModel(
            name="YearSummary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2015),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="年度",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("county", "县级"), ("township", "乡级")], max_length=10, verbose_name="层级"
                    ),
                ),
                ("congresses", models.PositiveIntegerField(verbose_name="人大数")),
                ("voting", models.PositiveIntegerField(verbose_name="实行票决数")),
                ("projects", models.PositiveIntegerField(verbose_name="票决项目数")),
                (
                    "investment",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="投资额（万元）",
                    ),
                ),
                ("finished", models.PositiveIntegerField(blank=True, null=True, verbose_name="完成项目数")),
                ("satisfied", models.PositiveIntegerField(blank=True, null=True, verbose_name="满意票")),
                ("rated", models.PositiveIntegerField(blank=True, null=True, verbose_name="有效测评票")),
                ("source", models.CharField(max_length=200, verbose_name="数据来源")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="liaison.region",
                        verbose_name="地区",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度汇总",
                "ordering": ["-year", "region__prefix", "level"],
            },
        ),
        migrations.CreateModel(
            name="YearSummaryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2015),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="年度",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("county", "县级"), ("township", "乡级")], max_length=10, verbose_name="层级"
                    ),
                ),
                ("congresses", models.PositiveIntegerField(verbose_name="人大数")),
                ("voting", models.PositiveIntegerField(verbose_name="实行票决数")),
                ("projects", models.PositiveIntegerField(verbose_name="票决项目数")),
                (
                    "investment",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="投资额（万元）",
                    ),
                ),
                ("finished", models.PositiveIntegerField(blank=True, null=True, verbose_name="完成项目数")),
                ("satisfied", models.PositiveIntegerField(blank=True, null=True, verbose_name="满意票")),
                ("rated", models.PositiveIntegerField(blank=True, null=True, verbose_name="有效测评票")),
                ("source", models.CharField(max_length=200, verbose_name="数据来源")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="votes.yearsummary",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="liaison.region",
                        verbose_name="地区",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="programme",
            index=models.Index(fields=["region_prefix", "-year", "-id"], name="programme_region"),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.UniqueConstraint(fields=("congress", "year"), name="programme_once_a_year"),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(condition=models.Q(("places__gte", 1)), name="programme_has_places"),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("call_until__isnull", True), ("call_until__gte", models.F("call_from")), _connector="OR"
                ),
                name="programme_call_in_order",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programme",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "votes_programmeevent" ("appraise_on", "call_from", "call_until", "congress_id", "contact", "contact_phone", "extra_percent", "finish_on", "id", "introduction", "is_public", "leader", "list_on", "min_call_days", "office_id", "open_places_note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "public_id", "region_prefix", "report_days", "scale", "session_id", "status", "version", "vote_on", "year") VALUES (NEW."appraise_on", NEW."call_from", NEW."call_until", NEW."congress_id", NEW."contact", NEW."contact_phone", NEW."extra_percent", NEW."finish_on", NEW."id", NEW."introduction", NEW."is_public", NEW."leader", NEW."list_on", NEW."min_call_days", NEW."office_id", NEW."open_places_note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."places", NEW."public_id", NEW."region_prefix", NEW."report_days", NEW."scale", NEW."session_id", NEW."status", NEW."version", NEW."vote_on", NEW."year"); RETURN NULL;',
                    hash="f8ce8cb95b1551fd54c2524b507e52d3e5ab3a14",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8f142",
                    table="votes_programme",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programme",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."appraise_on" IS DISTINCT FROM (NEW."appraise_on") OR OLD."call_from" IS DISTINCT FROM (NEW."call_from") OR OLD."call_until" IS DISTINCT FROM (NEW."call_until") OR OLD."congress_id" IS DISTINCT FROM (NEW."congress_id") OR OLD."contact" IS DISTINCT FROM (NEW."contact") OR OLD."contact_phone" IS DISTINCT FROM (NEW."contact_phone") OR OLD."extra_percent" IS DISTINCT FROM (NEW."extra_percent") OR OLD."finish_on" IS DISTINCT FROM (NEW."finish_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."introduction" IS DISTINCT FROM (NEW."introduction") OR OLD."is_public" IS DISTINCT FROM (NEW."is_public") OR OLD."leader" IS DISTINCT FROM (NEW."leader") OR OLD."list_on" IS DISTINCT FROM (NEW."list_on") OR OLD."min_call_days" IS DISTINCT FROM (NEW."min_call_days") OR OLD."office_id" IS DISTINCT FROM (NEW."office_id") OR OLD."open_places_note" IS DISTINCT FROM (NEW."open_places_note") OR OLD."places" IS DISTINCT FROM (NEW."places") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."region_prefix" IS DISTINCT FROM (NEW."region_prefix") OR OLD."report_days" IS DISTINCT FROM (NEW."report_days") OR OLD."scale" IS DISTINCT FROM (NEW."scale") OR OLD."session_id" IS DISTINCT FROM (NEW."session_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."vote_on" IS DISTINCT FROM (NEW."vote_on") OR OLD."year" IS DISTINCT FROM (NEW."year"))',
                    func='INSERT INTO "votes_programmeevent" ("appraise_on", "call_from", "call_until", "congress_id", "contact", "contact_phone", "extra_percent", "finish_on", "id", "introduction", "is_public", "leader", "list_on", "min_call_days", "office_id", "open_places_note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "public_id", "region_prefix", "report_days", "scale", "session_id", "status", "version", "vote_on", "year") VALUES (NEW."appraise_on", NEW."call_from", NEW."call_until", NEW."congress_id", NEW."contact", NEW."contact_phone", NEW."extra_percent", NEW."finish_on", NEW."id", NEW."introduction", NEW."is_public", NEW."leader", NEW."list_on", NEW."min_call_days", NEW."office_id", NEW."open_places_note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."places", NEW."public_id", NEW."region_prefix", NEW."report_days", NEW."scale", NEW."session_id", NEW."status", NEW."version", NEW."vote_on", NEW."year"); RETURN NULL;',
                    hash="28212082c9b7c75ff347389e7e6bcee0426d1308",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d5071",
                    table="votes_programme",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("programme", "number"),
                name="candidate_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(condition=models.Q(("investment__gte", 0)), name="candidate_investment"),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(("money_source", ""), _negated=True), name="candidate_has_money_source"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="candidate",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "votes_candidateevent" ("content", "finish_on", "id", "investment", "money_source", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "programme_id", "public_id", "status", "unit_id", "unit_name", "version", "withdrawn_reason") VALUES (NEW."content", NEW."finish_on", NEW."id", NEW."investment", NEW."money_source", NEW."name", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."programme_id", NEW."public_id", NEW."status", NEW."unit_id", NEW."unit_name", NEW."version", NEW."withdrawn_reason"); RETURN NULL;',
                    hash="d67957f0f28238d627d70779561d5188695dbc6a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7c92a",
                    table="votes_candidate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="candidate",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."content" IS DISTINCT FROM (NEW."content") OR OLD."finish_on" IS DISTINCT FROM (NEW."finish_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."investment" IS DISTINCT FROM (NEW."investment") OR OLD."money_source" IS DISTINCT FROM (NEW."money_source") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."unit_name" IS DISTINCT FROM (NEW."unit_name") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."withdrawn_reason" IS DISTINCT FROM (NEW."withdrawn_reason"))',
                    func='INSERT INTO "votes_candidateevent" ("content", "finish_on", "id", "investment", "money_source", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "programme_id", "public_id", "status", "unit_id", "unit_name", "version", "withdrawn_reason") VALUES (NEW."content", NEW."finish_on", NEW."id", NEW."investment", NEW."money_source", NEW."name", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."programme_id", NEW."public_id", NEW."status", NEW."unit_id", NEW."unit_name", NEW."version", NEW."withdrawn_reason"); RETURN NULL;',
                    hash="32730ff44e9c2e696cb2fa105951e578623f25d2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_afe67",
                    table="votes_candidate",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["region_prefix", "-id"], name="project_region"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["unit", "-id"], name="project_unit"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="project_percent"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(condition=models.Q(("money_used__gte", 0)), name="project_money_used"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "votes_projectevent" ("candidate_id", "content", "finish_on", "finished_on", "handed_over_on", "id", "investment", "money_used", "name", "office_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "programme_id", "public_id", "region_prefix", "status", "unit_id", "unit_name", "version") VALUES (NEW."candidate_id", NEW."content", NEW."finish_on", NEW."finished_on", NEW."handed_over_on", NEW."id", NEW."investment", NEW."money_used", NEW."name", NEW."office_id", NEW."percent", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."programme_id", NEW."public_id", NEW."region_prefix", NEW."status", NEW."unit_id", NEW."unit_name", NEW."version"); RETURN NULL;',
                    hash="8594681ce8a675e16910aebe8cf545c3c94843a8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ca349",
                    table="votes_project",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."candidate_id" IS DISTINCT FROM (NEW."candidate_id") OR OLD."content" IS DISTINCT FROM (NEW."content") OR OLD."finish_on" IS DISTINCT FROM (NEW."finish_on") OR OLD."finished_on" IS DISTINCT FROM (NEW."finished_on") OR OLD."handed_over_on" IS DISTINCT FROM (NEW."handed_over_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."investment" IS DISTINCT FROM (NEW."investment") OR OLD."money_used" IS DISTINCT FROM (NEW."money_used") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."office_id" IS DISTINCT FROM (NEW."office_id") OR OLD."percent" IS DISTINCT FROM (NEW."percent") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."region_prefix" IS DISTINCT FROM (NEW."region_prefix") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."unit_name" IS DISTINCT FROM (NEW."unit_name") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "votes_projectevent" ("candidate_id", "content", "finish_on", "finished_on", "handed_over_on", "id", "investment", "money_used", "name", "office_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "programme_id", "public_id", "region_prefix", "status", "unit_id", "unit_name", "version") VALUES (NEW."candidate_id", NEW."content", NEW."finish_on", NEW."finished_on", NEW."handed_over_on", NEW."id", NEW."investment", NEW."money_used", NEW."name", NEW."office_id", NEW."percent", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."programme_id", NEW."public_id", NEW."region_prefix", NEW."status", NEW."unit_id", NEW."unit_name", NEW."version"); RETURN NULL;',
                    hash="6d1200cfdbdf71989b3d9ee9a61d6a1f87d3615e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b6928",
                    table="votes_project",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="progressreport",
            constraint=models.UniqueConstraint(
                fields=("project", "year", "quarter"), name="progressreport_once_a_quarter"
            ),
        ),
        migrations.AddConstraint(
            model_name="progressreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "due"), ("submitted_at__isnull", True)),
                    models.Q(("status", "submitted"), ("submitted_at__isnull", False)),
                    _connector="OR",
                ),
                name="progressreport_submitted_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "requested")), fields=("project",), name="projectchange_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="projectchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "requested"),
                    models.Q(("decided_on__isnull", False), models.Q(("deciding_body", ""), _negated=True)),
                    _connector="OR",
                ),
                name="projectchange_decided_by_whom",
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["programme", "status", "-id"], name="proposal_programme"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "merged"), ("merged_into__isnull", False)),
                    models.Q(models.Q(("status", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="proposal_merged_has_target",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "adopted"), _negated=True), ("candidate__isnull", False), _connector="OR"
                ),
                name="proposal_adopted_has_candidate",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "rejected"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="proposal_rejected_has_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(fields=["region_prefix", "-id"], name="round_region"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ("projects", "run_off")), ("places__gte", 1)),
                    models.Q(("kind__in", ("projects", "run_off")), _negated=True),
                    _connector="OR",
                ),
                name="round_choice_has_places",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opened_at__isnull", True), ("status", "preparing")),
                    ("status", "void"),
                    models.Q(
                        models.Q(("status__in", ["preparing", "void"]), _negated=True), ("opened_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="round_open_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True), ("closed_at__gte", models.F("opened_at")), _connector="OR"
                ),
                name="round_closed_after_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("programme__isnull", False)),
                fields=("programme", "kind", "number"),
                name="round_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="rollentry",
            constraint=models.UniqueConstraint(fields=("round", "position"), name="roll_position_once"),
        ),
        migrations.AddConstraint(
            model_name="rollentry",
            constraint=models.UniqueConstraint(fields=("round", "mandate"), name="roll_mandate_once"),
        ),
        migrations.AddConstraint(
            model_name="rollentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel", ""), models.Q(("attendance", ""), _negated=True), _connector="OR"),
                name="roll_votes_when_present",
            ),
        ),
        migrations.AddConstraint(
            model_name="papercount",
            constraint=models.UniqueConstraint(fields=("round", "counter"), name="papercount_two"),
        ),
        migrations.AddConstraint(
            model_name="papercount",
            constraint=models.UniqueConstraint(fields=("round", "entered_by"), name="papercount_two_people"),
        ),
        migrations.AddIndex(
            model_name="draw",
            index=models.Index(fields=["region_prefix", "-id"], name="draw_region"),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fixed_at__isnull", True), ("list_hash", "")),
                    models.Q(models.Q(("list_hash", ""), _negated=True), ("fixed_at__isnull", False)),
                    _connector="OR",
                ),
                name="draw_fixed_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("drawn_at__isnull", True), ("round__isnull", True), ("seed", "")),
                    models.Q(
                        ("drawn_at__gte", models.F("fixed_at")),
                        ("drawn_at__isnull", False),
                        models.Q(("seed", ""), _negated=True),
                        models.Q(("seed_source", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="draw_seed_after_list",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="draw",
            trigger=pgtrigger.compiler.Trigger(
                name="draw_list_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN ((OLD."classes" IS DISTINCT FROM (NEW."classes") OR OLD."list_hash" IS DISTINCT FROM (NEW."list_hash") OR OLD."fixed_at" IS DISTINCT FROM (NEW."fixed_at")) AND OLD."fixed_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="8c3b9b3872aea6e45fe302801fca05bbb0d26962",
                    operation="UPDATE",
                    pgid="pgtrigger_draw_list_fixed_eb631",
                    table="votes_draw",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="draw",
            trigger=pgtrigger.compiler.Trigger(
                name="draw_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN ((OLD."seed" IS DISTINCT FROM (NEW."seed") OR OLD."seed_source" IS DISTINCT FROM (NEW."seed_source") OR OLD."drawn" IS DISTINCT FROM (NEW."drawn") OR OLD."drawn_at" IS DISTINCT FROM (NEW."drawn_at")) AND OLD."drawn_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="7c644be8cf39e9a8552d5dd2d0f93cf6db103d11",
                    operation="UPDATE",
                    pgid="pgtrigger_draw_once_4a643",
                    table="votes_draw",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="draw",
            trigger=pgtrigger.compiler.Trigger(
                name="draw_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."fixed_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="df49762429cd847d4f2d7eebd013473c9c94b763",
                    operation="DELETE",
                    pgid="pgtrigger_draw_stays_855b7",
                    table="votes_draw",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="countedreceipt",
            constraint=models.UniqueConstraint(fields=("round", "receipt_hash"), name="countedreceipt_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="countedreceipt",
            trigger=pgtrigger.compiler.Trigger(
                name="countedreceipt_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="66af9f26ee31fdd22e85c9b4b25370a4cc1040d1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_countedreceipt_append_only_fa35c",
                    table="votes_countedreceipt",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ballot",
            trigger=pgtrigger.compiler.Trigger(
                name="ballot_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="29e09b70c930d6478e716ced39af9fff0c8f2de7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_ballot_append_only_923ea",
                    table="votes_ballot",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="roundoption",
            constraint=models.UniqueConstraint(fields=("round", "position"), name="roundoption_position_once"),
        ),
        migrations.AddConstraint(
            model_name="supervisiongroup",
            constraint=models.UniqueConstraint(fields=("programme", "name"), name="supervisiongroup_once"),
        ),
        migrations.AddConstraint(
            model_name="inspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("demands", ""), ("status", "recorded")),
                    models.Q(
                        models.Q(("demands", ""), _negated=True),
                        models.Q(("status", "recorded"), _negated=True),
                        ("answer_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="inspection_demand_has_term",
            ),
        ),
        migrations.AddConstraint(
            model_name="teller",
            constraint=models.UniqueConstraint(fields=("round", "role"), name="teller_one_a_role"),
        ),
        migrations.AddConstraint(
            model_name="teller",
            constraint=models.UniqueConstraint(fields=("round", "user"), name="teller_two_people"),
        ),
        migrations.AddConstraint(
            model_name="yearsummary",
            constraint=models.UniqueConstraint(fields=("region", "year", "level"), name="yearsummary_once"),
        ),
        migrations.AddConstraint(
            model_name="yearsummary",
            constraint=models.CheckConstraint(
                condition=models.Q(("voting__lte", models.F("congresses"))), name="yearsummary_voting"
            ),
        ),
        migrations.AddConstraint(
            model_name="yearsummary",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("finished__isnull", True), ("finished__lte", models.F("projects")), _connector="OR"
                ),
                name="yearsummary_finished",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearsummary",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rated__isnull", True), ("satisfied__isnull", True)),
                    models.Q(
                        ("rated__isnull", False), ("satisfied__isnull", False), ("satisfied__lte", models.F("rated"))
                    ),
                    _connector="OR",
                ),
                name="yearsummary_rated",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="yearsummary",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "votes_yearsummaryevent" ("congresses", "finished", "id", "investment", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "projects", "public_id", "rated", "region_id", "satisfied", "source", "voting", "year") VALUES (NEW."congresses", NEW."finished", NEW."id", NEW."investment", NEW."level", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."projects", NEW."public_id", NEW."rated", NEW."region_id", NEW."satisfied", NEW."source", NEW."voting", NEW."year"); RETURN NULL;',
                    hash="eaabfe2332462816126e70dbe7109a4fbc774c97",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1f3b0",
                    table="votes_yearsummary",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="yearsummary",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."congresses" IS DISTINCT FROM (NEW."congresses") OR OLD."finished" IS DISTINCT FROM (NEW."finished") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."investment" IS DISTINCT FROM (NEW."investment") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."projects" IS DISTINCT FROM (NEW."projects") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."rated" IS DISTINCT FROM (NEW."rated") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."satisfied" IS DISTINCT FROM (NEW."satisfied") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."voting" IS DISTINCT FROM (NEW."voting") OR OLD."year" IS DISTINCT FROM (NEW."year"))',
                    func='INSERT INTO "votes_yearsummaryevent" ("congresses", "finished", "id", "investment", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "projects", "public_id", "rated", "region_id", "satisfied", "source", "voting", "year") VALUES (NEW."congresses", NEW."finished", NEW."id", NEW."investment", NEW."level", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."projects", NEW."public_id", NEW."rated", NEW."region_id", NEW."satisfied", NEW."source", NEW."voting", NEW."year"); RETURN NULL;',
                    hash="63440f46ea83c4b7f44561ab6feca69109658db6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_78c32",
                    table="votes_yearsummary",
                    when="AFTER",
                ),
            ),
        ),
    ]
