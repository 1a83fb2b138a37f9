"""一事一议: the hint comes for several matters, and leaves one matter with several measures alone."""

from __future__ import annotations

import pytest

from suggestions.forms.one_matter import one_matter_warning


@pytest.mark.parametrize(
    ("title", "situation", "proposal"),
    [
        ("关于解决两个问题的建议", "路灯不亮。", "请修。"),
        ("关于八字哨镇几件事的建议", "", ""),
        ("关于民生的建议", "一、路灯常年不亮，夜间行走不便。\n二、自来水浑浊，老人反映强烈。", "请处理。"),
        ("关于民生的建议", "见下", "1. 修复桥面裂缝\n2. 增开早班公交"),
        ("关于民生的建议", "(一)垃圾清运不及时\n(二)校车超载", ""),
    ],
)
def test_several_matters_are_hinted_at(title: str, situation: str, proposal: str) -> None:
    assert "一事一议" in one_matter_warning(title=title, situation=situation, proposal=proposal)


@pytest.mark.parametrize(
    ("title", "situation", "proposal"),
    [
        ("关于治理资江沿岸餐饮油烟的建议", "油烟直排，居民反映。", "请检查。"),
        (
            "关于治理餐饮油烟的建议",
            "油烟直排。",
            "一、安装油烟净化设施；\n二、开展油烟专项检查；\n三、公布油烟投诉电话。",
        ),
        ("关于加装路灯的建议", "1. 桃花仑路没有路灯\n2. 秀峰路路灯损坏", ""),
        ("关于修路的建议", "全长3.5公里，2019年修建。", "投资1.2亿元。"),
        ("", "", ""),
    ],
)
def test_one_matter_is_left_alone(title: str, situation: str, proposal: str) -> None:
    assert one_matter_warning(title=title, situation=situation, proposal=proposal) == ""
