"""How well a run of characters reads as a person's name, a unit or an office: characters go in, a cost comes out.

Costs are small numbers that `people.py` adds up; None means that the run cannot be one. All runs are folded
(Simplified, half-width) and without spaces. This file knows nothing of lines or rolls.
"""

from __future__ import annotations

import re
from functools import cache

from indexer.text.fold import table
from indexer.text.lexicon.regions import is_region
from indexer.text.lexicon.surnames import COMMON, COMPOUND, RARE, surname_rank

LONGEST_NAME = 4
LONGEST_FOREIGN_NAME = 20
LONGEST_TRANSCRIBED_NAME = 8
LONGEST_UNIT = 32
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
# 买买提·艾力: the dot of transcribed names in its usual forms.
DOTS = "·•・‧"
DOT = frozenset(DOTS)
FOREIGN = re.compile(rf"[\u3400-\u9fff]+(?:[{DOTS}][\u3400-\u9fff]+)+")
# Characters that end units and hardly ever stand in a given name: 水利局, 高新区, 安监办 begin like names.
UNIT_CHARACTERS = frozenset("局委部厅镇乡县区市州办室处队所组警")
NO_START = "的和及与等、"
# The level that a place stands for: 市领导, 县委.
LEVELS = "省市县区州旗盟镇乡村"
NO_NAME = "代表|领导|负责|同志|街道|部门|单位|人员|有关|相关|议题|会议|工作|管理|公司|集团|中心|等$"
# 县直有关部门, 各乡镇: such words describe units and name none; each has a character of the hint.
VAGUE_HINT = frozenset("各关议求其署家")
VAGUE = re.compile(
    "^各|有关|相关|会议|要求|其他|研究部署|(?<!第)[一二三四五六七八九]家|各(?:部门|单位|乡镇|镇|街道|地|级|区|县)"
)
# What a unit is called by class only.
CLASS_ONLY = frozenset(
    ("街道", "乡镇", "镇", "乡", "部门", "单位", "企业", "园区", "区县", "社区", "县区", "镇街", "开发区")
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# What Mongolian, Tibetan and Uyghur names are made of, as they are written in Chinese: 乌云毕力格, 扎西次仁, 阿依古丽.
TRANSCRIBED = _words(
    """
    扎西 次仁 卓玛 多吉 尼玛 平措 旺堆 旦增 丹增 索朗 格桑 央金 巴桑 达瓦 普布 拉姆 顿珠 罗布 仁青
    边巴 洛桑 才让 加措 嘉措 华旦 曲珍 白玛 德吉 贡布 桑杰 次旺 坚参 央宗 措姆 拉毛 才旦 旺姆 群培
    阿依 古丽 努尔 热依 汗 阿不都 买买提 艾合 买提 吐尔 逊 玉素 甫 娜尔 帕提 木沙 阿迪力 艾力 艾尼
    热合 曼 库尔 班 依明 塔西 玛依拉 迪丽 米热 古力 沙依 木拉提 叶尔 肯 别克 努尔兰 巴合 提 江
    阿古拉 阿拉坦 阿拉腾 阿日斯楞 阿斯尔 阿斯楞 阿如娜 敖日 敖登 敖特根 敖其尔 格日勒 格日乐 格乐
    格勒 巴图 巴特尔 巴雅尔 巴音 巴根 白音 宝音 宝力 宝力格 宝力高 布和 布仁 布日古德 朝鲁 朝克图
    朝克 朝格 查干 楚鲁 达来 达赖 道尔吉 德力格尔 德勒黑 额尔德 额尔敦 额尔德尼 恩和 嘎 嘎日迪 噶
    高娃 格根 格尔 塔娜 哈斯 哈达 海日 呼和 呼格吉勒 呼日 胡日查 吉日 吉日嘎拉 吉雅 吉木 金花
    牧仁 木仁 木图 木其尔 满都拉 孟和 孟克 孟根 莫日根 那日苏 那顺 那木 那仁 娜仁 娜日 娜布其
    诺敏 其木格 其其格 其格 琪琪格 齐木格 青格乐 青格勒 青巴图 萨仁 萨如拉 赛音 赛罕 赛娜 赛吉拉胡
    斯琴 斯日 斯日古楞 斯楞 苏和 苏日 苏日娜 苏布达 苏雅拉 塔拉 塔林 特木尔 特木 腾格尔 通拉嘎
    图雅 图 图布 图力古尔 托娅 托雅 旺 乌云 乌兰 乌日 乌日娜 乌仁 乌力吉 乌恩 乌尼尔 乌东 乌达
    伟力 希日 希吉日 雅图 毕力格 必力格 毕力 德格 吉尔 吉勒 扎布 扎木苏 照日格图 庆格尔 巴拉 陶格
    陶克陶 涛高 灵 夫 太 巴 娜 花 德 巴彦 日布 登 宝 胡
    """
)
TRANSCRIBED_BEGINS = frozenset(part[0] for part in TRANSCRIBED)
# What a unit ends with. Whole words first in kind: bodies, offices, enterprises, places, public services.
UNIT_ENDINGS = _words(
    """
    局 委 办 部 厅 院 会 室 处 所 站 队 组 科 股 署 司 院 校 学 社 台 馆 园 库 段 场 厂 店 行 网 联 协 区 县 市 镇 乡
    州 省 旗 盟 村 屯 寨 团 港 矿 总 部门 单位 企业 乡镇
    人大 政协 政府 党校 中心 集团 公司 中支 海关 街道 社区 园区 新区 开发区 高新区 管委 支队 大队 总队 中队 银行 分行
    支行 总行 港口 港区 机场 林场 农场 牧场 电力 供电 移动 联通 电信 铁塔 邮政 烟草 石化 石油 盐业 医保 公积金 法庭
    军区 军分区 武警 消防 窗口 基地 商会 基金 专班 指挥部 项目部 机关 电视台 报社 传媒 大学 学院 中学 小学 医院 农信
    信用社 联社 保险 人寿 人保 财险 寿险 证券 景区 片区 灌区 库区 林区 矿区 保护区 度假区 示范区 合作区 保税区 工业园
    产业园 科技园 物流园 水库 水厂 热力 燃气 水务 公交 城投 交投 建投 农投 文旅 国投 产投 轨道 地铁 高铁 车站 人民银行
    人行 农行 工行 建行 中行 农发行 国开行 事务所 研究所 设计院
    """
)
TITLES = _words(
    """
    书记 市长 县长 区长 镇长 乡长 州长 省长 盟长 旗长 村长 专员 主席 主任 局长 厅长 部长 院长 检察长 秘书长 总经理
    董事长 监事长 理事长 经理 董事 处长 科长 股长 所长 站长 行长 会长 队长 支队长 大队长 总队长 政委 司令员 参谋长
    校长 园长 馆长 台长 社长 场长 厂长 关长 段长 组长 总编辑 总工程师 总工 总规划师 总会计师 总经济师 总农艺师 总监
    委员 常委 党组成员 党委委员 党工委委员 班子成员 成员 巡视员 调研员 主任科员 科员 督查专员 督察员 督学 顾问 参事 秘书
    理事 干事 专家 教授 律师 记者 研究员 工程师 主编 负责人 联系人 领导 巡察专员 监察专员 助理
    """
)
# Bodies of an ending alone; what the words end with and begin with: most runs need no closer look.
BODIES = frozenset(UNIT_ENDINGS)
UNIT_LASTS, TITLE_LASTS = (frozenset(word[-1] for word in words) for words in (UNIT_ENDINGS, TITLES))
NO_NAME_BEGINS = frozenset(word[0] for word in (*NO_NAME.split("|"), *TITLES))
# What a unit with an unknown ending costs.
UNKNOWN_UNIT = 6.0
# What may stand before a title and belongs to it: 副主任, 党组书记, 四级调研员.
GRADE = re.compile(
    r"(?:党组|党委|党工委|党总支|党支部|机关党委|纪检组|常务|专职|执行|代理?|第?[一二三四]级?|分管|主要|副|原|总|在家)*"
)


@cache
def _no_name() -> re.Pattern[str]:
    return re.compile("|".join((NO_NAME, *TITLES)))


@cache
def _lines() -> dict[int, int]:
    """Return the fold of characters but for those of spaces and of what cannot be seen."""
    return {code: to for code, to in table().items() if not chr(code).isspace() and chr(to) > " "}


def simplify(text: str) -> str:
    """Fold a text's characters, keeping its length, spaces and line ends."""
    return text.translate(_lines())


@cache
def _transcribed() -> re.Pattern[str]:
    longest_first = sorted(TRANSCRIBED, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(longest_first)}){{2,4}}")


def is_transcribed(text: str) -> bool:
    """Tell whether a run is a transcribed name without a dot: two parts of such names or more, one of them long."""
    if (
        text[:1] not in TRANSCRIBED_BEGINS
        or not 3 < len(text) <= LONGEST_TRANSCRIBED_NAME
        or _transcribed().fullmatch(text) is None
    ):
        return False
    return any(part in text for part in TRANSCRIBED if len(part) > 1)


def may_be_transcribed(character: str) -> bool:
    """Tell whether a transcribed name may begin with a character."""
    return character in TRANSCRIBED_BEGINS


def begins_with_surname(text: str, at: int) -> bool:
    """Tell whether a surname stands at a place."""
    return surname_rank(text[at]) is not None or surname_rank(text[at : at + 2]) == COMPOUND


def name_cost(text: str, alone: bool) -> float | None:
    """Return how unlikely a run is as a person's name.

    Args:
        alone: signs or spaces stand on both sides, so that a name outside the surname list is possible.
    """
    if not DOT.isdisjoint(text) and FOREIGN.fullmatch(text):
        return 0.0 if alone else 2.0
    if is_transcribed(text):
        return 0.6
    if not 2 <= len(text) <= LONGEST_NAME:
        return None
    cost = _surname_cost(text, alone)
    if cost is None or not HAN.fullmatch(text):
        return None
    if not NO_NAME_BEGINS.isdisjoint(text) and _no_name().search(text):
        return None
    # 区政协 and 县人大 begin like names.
    body = text in BODIES or (text[0] in LEVELS and text[1:] in BODIES)
    # 岑嘉州: the last character of a name may be that of a place.
    inner = text[1:-1] if len(text) == LONGEST_NAME - 1 and text[-1] == "州" else text[1:]
    return cost + 3.0 * (body or not UNIT_CHARACTERS.isdisjoint(inner))


def _surname_cost(text: str, alone: bool) -> float | None:
    rank = surname_rank(text[0])
    if len(text) > 2 and surname_rank(text[:2]) == COMPOUND:
        return 0.2
    if len(text) < LONGEST_NAME and rank is not None:
        return 0.0 if rank == COMMON else 0.5 if rank == RARE else 0.2
    if len(text) == LONGEST_NAME and rank == COMMON and surname_rank(text[1]) == COMMON:
        return 3.0
    return 3.0 + 0.4 * len(text) if alone else None


def is_unit(text: str) -> bool:
    """Tell whether a run ends like a unit and not like an office."""
    return (
        text[-1:] in UNIT_LASTS
        and len(text) > 1
        and text[0] not in NO_START
        and text.endswith(UNIT_ENDINGS)
        and not _is_title(text)
    )


def _is_title(text: str) -> bool:
    return text[-1] in TITLE_LASTS and text.endswith(TITLES)


def unit_cost(text: str) -> float | None:
    """Return how unlikely a run is as a unit's name; one with an unknown ending is dear."""
    if not VAGUE_HINT.isdisjoint(text) and VAGUE.search(text):
        return None
    if is_unit(text):
        # 港市 is the rest of 张家港市 rather than a place.
        if len(text) == 2 and text[1] in "市区县镇乡州" and not is_region(text):
            return 3.0
        if len(text) == LONGEST_NAME - 1 and text[-1] == "州" and not is_region(text):
            return 2.0
        # 市自然资源局|司马光: 司 ends units of the centre, and 公司.
        return 1.3 if text.endswith("司") and not text.endswith("公司") else 0.3
    if len(text) > 1 and text[0] not in NO_START and HAN.match(text) and not _is_title(text):
        return UNKNOWN_UNIT
    return None


def office_cost(text: str) -> float | None:
    """Return how unlikely a run is as an office (市委副书记, 县财政局局长); it must end with a title."""
    if not text or not _is_title(text) or text[0] in NO_START:
        return None
    unit, title = split_office(text)
    if unit is None:
        return 0.4 if _title_pattern().fullmatch(title) or title[0] in LEVELS else 4.0
    return 0.4 if is_unit(unit) else 4.0


@cache
def _title_pattern() -> re.Pattern[str]:
    longest_first = sorted(TITLES, key=len, reverse=True)
    return re.compile(rf"(?:{GRADE.pattern})(?:{'|'.join(longest_first)})")


def split_office(office: str) -> tuple[str | None, str]:
    """Split an office into unit and title: 市教育局副局长 is (市教育局, 副局长), 副市长 is (None, 副市长)."""
    for start in range(len(office)):
        if _title_pattern().fullmatch(office, start):
            break
    else:
        return None, office
    unit, title = office[:start], office[start:]
    if len(unit) > 1 and title[-1] == "长" and title[:-1] in UNIT_ENDINGS and not unit.endswith(UNIT_ENDINGS):
        unit += title[:-1]  # 教育局长 is the 局长 of the 教育局
    return (unit, title) if len(unit) > 1 else (None, office)
