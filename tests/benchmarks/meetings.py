"""Minutes of an invented city in any number, the same on every machine: what the benchmark indexes.

Each meeting has five agenda items of two resolutions, which makes thirty passages with heading lines, opening and
attendance roll; a sentence has twenty to eighty characters, and its words come as often as Zipf's law lets them.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

THINGS = """
教育 医疗 养老 住房 交通 水利 农业 林业 环保 财政 税收 审计 统计 科技 人才 就业 社保 民政 消防 安全生产
城市更新 老旧小区 轨道交通 公共交通 停车设施 供水管网 排水管网 污水处理 垃圾分类 河湖治理 大气污染 土壤修复
生态红线 湿地保护 耕地保护 粮食安全 乡村振兴 高标准农田 农村公路 冷链物流 数字经济 人工智能 智能制造
工业互联网 中小企业 营商环境 招商引资 外贸出口 跨境电商 口岸通关 会展经济 夜间经济 文化遗产 公共图书馆
体育场馆 旅游景区 职业教育 学前教育 基层卫生 疾病预防 药品采购 医保基金 托育服务 残疾人保障 退役军人 法律援助
行政复议 政务公开 电子证照 信用体系 国有资产 政府债务 预算绩效 土地出让 征收补偿 工程招标 质量监督 食品安全
特种设备 危险化学品 防汛抗旱 森林防火 地震应急
""".split()  # noqa: SIM905
KINDS = """
规划 实施方案 管理办法 若干措施 行动计划 工作要点 资金安排 补贴标准 考核细则 目录清单
""".split()  # noqa: SIM905
OFFICES = """
市发展改革委 市教育局 市科技局 市工业和信息化局 市公安局 市民政局 市司法局 市财政局 市人力资源社会保障局
市自然资源局 市生态环境局 市住房城乡建设局 市交通运输局 市水务局 市农业农村局 市商务局 市文化旅游局
市卫生健康委 市应急管理局 市审计局
""".split()  # noqa: SIM905
CLAUSES = (
    "要进一步完善{a}与{b}的协同机制",
    "由{o}会同有关部门研究提出{a}的具体意见",
    "加快补齐{a}方面的短板",
    "对{a}项目实行清单管理和定期调度",
    "严格落实{a}的主体责任和监管责任",
    "统筹安排{a}所需资金并纳入年度预算",
    "做好{a}政策的宣传解读工作",
    "年底前完成{n}个{a}项目的建设任务",
    "将{a}情况纳入{o}的年度考核",
    "防范{a}领域的风险隐患",
    "推动{a}数据与{b}数据共享",
    "按照每户{n}元的标准给予{a}补助",
)
NUMERALS = "一二三四五六七八九十"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "明远致和文博思齐立新书恒景行若谷知秋嘉树承业怀瑾长风一诺清和"


def write(folder: Path, count: int, first: int = 1) -> None:
    """Write the minutes of so many meetings into a folder, numbered from `first`."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"{number:04}.txt").write_text(text(number), encoding="utf-8")


def text(number: int) -> str:
    """Return the minutes of one meeting."""
    chance = random.Random(number)
    day = date(2015, 1, 8) + timedelta(days=12 * number)
    matters = [(_thing(chance), _thing(chance), chance.choice(KINDS), chance.choice(OFFICES)) for _ in range(5)]
    agenda = "，".join(f"审议《{a}{kind}》" for a, _, kind, _ in matters)
    lines = [
        f"云州市人民政府第{number}次常务会议纪要",
        "",
        f"云府常会纪〔{day.year}〕{number}号",
        "",
        f"{day.year}年{day.month}月{day.day}日上午，林致远市长主持召开市政府第{number}次常务会议，{agenda}。现纪要如下：",
        "",
    ]
    for position, (a, b, kind, office) in enumerate(matters):
        lines += [
            f"{NUMERALS[position]}、审议《{a}{kind}》",
            f"（一）原则同意《云州市{a}{kind}》，由{office}根据本次会议讨论意见作进一步修改完善后，按程序印发实施。",
            f"（二）会议要求，{office}牵头，{_sentence(chance, a, b)}",
            "",
        ]
    lines += [f"出席：{'  '.join(_name(chance) for _ in range(8))}", "", "（此件公开发布）", ""]
    return "\n".join(lines)


def _thing(chance: random.Random) -> str:
    return chance.choices(THINGS, weights=[1 / rank for rank in range(1, len(THINGS) + 1)])[0]


def _sentence(chance: random.Random, a: str, b: str) -> str:
    clauses = [a, b, *(_thing(chance) for _ in range(4))]
    return (
        "，".join(
            chance.choice(CLAUSES).format(
                a=chance.choice(clauses), b=chance.choice(clauses), o=chance.choice(OFFICES), n=chance.randint(2, 900)
            )
            for _ in range(chance.randint(2, 5))
        )
        + "。"
    )


def _name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2))
