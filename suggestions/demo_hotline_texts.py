"""What people tell the demo's hotline, and what deputies report to it. Everything is made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter that comes again and again."""

    kind: str
    code: str
    path: tuple[str, ...]
    title: str
    text: str
    unit: str
    place: str = "集镇"


@dataclass(frozen=True, slots=True)
class Reported:
    """What a deputy reported, and how far it is.

    Args:
        days: how many days ago.
        events: (kind, days ago, words) that the hotline told.
        passed: how many days ago it was passed on to the person; 0 for not yet.
    """

    certificate: str
    days: int
    kind: str
    title: str
    text: str
    place: str
    unit: str = ""
    phone: str = ""
    events: tuple[tuple[str, int, str], ...] = ()
    passed: int = 0
    solved: bool | None = None
    judged: str = ""
    is_complex: bool = False
    scope_note: str = ""


MATTERS = (
    Matter("complaint", "030201", ("城乡建设", "市容环卫", "油烟扰民"), "夜宵摊油烟扰民", "夜宵摊每晚经营到凌晨，油烟和噪音影响居民休息。", "城市管理和综合执法局"),
    Matter("help", "030301", ("城乡建设", "市政设施", "路灯"), "路灯不亮", "路灯坏了十多天，晚上出行不安全。", "住房和城乡建设局"),
    Matter("complaint", "030202", ("城乡建设", "市容环卫", "垃圾清运"), "垃圾清运不及时", "垃圾站几天没有清运，气味很大。", "城市管理和综合执法局"),
    Matter("help", "010101", ("农业农村", "农村饮水", "水质"), "自来水发黄", "自来水发黄有异味，一个多星期了。", "水利局", "安置区"),
    Matter("enquiry", "050101", ("社会保障", "医疗保险", "参保缴费"), "医保断缴能否补缴", "城乡居民医保断缴一年，想知道怎么补。", "医疗保障局"),
    Matter("complaint", "030201", ("城乡建设", "市容环卫", "油烟扰民"), "餐馆油烟直排", "餐馆的油烟没有净化，直接排到楼上。", "城市管理和综合执法局"),
    Matter("tip_off", "040101", ("市场监管", "食品安全", "经营资质"), "无证小作坊", "居民楼里有人加工豆制品，没有证照。", "市场监督管理局"),
    Matter("advice", "020101", ("交通运输", "公共交通", "线路班次"), "希望增加公交班次", "早晚高峰等车要四十分钟，希望加密班次。", "交通运输局"),
    Matter("help", "060101", ("教育", "义务教育", "入学"), "随迁子女入学", "孩子随父母务工，想了解转学手续。", "教育局", "中心小学"),
    Matter("praise", "050201", ("社会保障", "养老服务", "经办服务"), "表扬便民服务中心", "工作人员上门为行动不便的老人办理认证，非常感谢。", "人力资源和社会保障局"),
)  # fmt: skip

#: (code of the division, town or street).
PLACES = (
    ("430903", "桃花仑街道"),
    ("430903", "八字哨镇"),
    ("430903", "泉交河镇"),
    ("430902", "长春镇"),
    ("430902", "迎风桥镇"),
    ("430981", "琼湖街道"),
    ("430981", "草尾镇"),
    ("430921", "南洲镇"),
    ("430922", "桃花江镇"),
    ("430923", "东坪镇"),
)

_DONE = "路灯线路已更换，三盏路灯恢复照明。"
REPORTS = (
    Reported("YY07001", 1, "help", "高桥村村口路灯不亮", "走访时村民反映，村口三盏路灯坏了半个月，晚上出行不安全。", "八字哨镇高桥村", phone="13900001212"),
    Reported("YY07001", 4, "complaint", "八字哨集镇垃圾清运不及时", "集镇垃圾桶三四天才清运一次，天热气味大。", "八字哨镇集镇", "赫山区城市管理和综合执法局", "13900001313",
             (("accepted", 4, "属于受理范围。"), ("dispatched", 3, "派单办理。"), ("signed", 3, "已签收。"))),
    Reported("YY07002", 12, "complaint", "泉交河镇夜宵摊油烟扰民", "集镇夜宵摊油烟和噪音到凌晨一点多，附近居民睡不好。", "泉交河镇集镇", "赫山区城市管理和综合执法局", "13900001414",
             (("accepted", 12, "属于受理范围。"), ("dispatched", 11, "派单办理。"), ("returned", 11, "应由镇政府先行劝导。"),
              ("dispatched", 10, "会同镇政府办理。"), ("signed", 10, "已签收。"))),
    Reported("YY07001", 15, "help", "白鹿铺机耕道积水", "机耕道雨天积水，农机进不去，影响秋收。", "八字哨镇白鹿铺", "赫山区农业农村局", "13900001515",
             (("accepted", 15, "属于受理范围。"), ("dispatched", 14, "派单办理。"), ("signed", 14, "已签收。"),
              ("replied", 2, "已清理边沟、铺设碎石，农机可以通行；明年列入硬化计划。"))),
    Reported("YY07001", 25, "help", "小学门口路灯不亮", "小学门口路灯坏了，晚自习后学生回家看不清路。", "八字哨镇中心小学", "赫山区住房和城乡建设局", "13900001616",
             (("accepted", 25, "属于受理范围。"), ("dispatched", 24, "派单办理。"), ("signed", 24, "已签收。"), ("replied", 18, _DONE)),
             passed=17, solved=True, judged="到现场看过，三盏灯都亮了。"),
    Reported("YY07002", 20, "complaint", "菱角岔村自来水发黄", "自来水发黄有异味，烧开后有水垢，三十多户都这样。", "泉交河镇菱角岔村", "赫山区水利局", "13900001717",
             (("accepted", 20, "属于受理范围。"), ("dispatched", 19, "派单办理。"), ("signed", 19, "已签收。"), ("replied", 9, "已冲洗管网，水质检测合格。")),
             passed=8, solved=False, judged="清了一次好了两天，这几天又发黄。", is_complex=True),
    Reported("YY07001", 9, "help", "集镇法院路人行道破损", "法院路人行道地砖破损，老人容易绊倒。", "八字哨镇集镇", "", "",
             (("not_accepted", 8, "该路段正在整体改造，请关注施工公告，不再单独立单。"),), scope_note="法院路是路名，反映的是人行道。"),
)  # fmt: skip
