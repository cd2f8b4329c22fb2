"""What a paragraph of a resolution decides, who acts on it, and what comes next."""

from __future__ import annotations

import pytest

from indexer.minutes import decisions
from indexer.minutes.view import View
from indexer.model import Decision


def outcome(*paragraphs: str) -> decisions.Outcome:
    """Read paragraphs as one resolution."""
    return decisions.outcome([View(text) for text in paragraphs])


VERDICTS = [
    ("（一）原则同意市水利局关于防汛准备情况的汇报。", ["原则同意"]),
    ("原则上同意《方案》。", ["原则同意"]),
    ("会议 原则 同意成立专班。", ["原则同意"]),
    ("会议原则性同意该方案。", ["原则同意"]),
    ("会议讨论并原则同意县财政局《关于预算调整的请示》。", ["原则同意"]),
    ("会议听取并原则同意区科委的汇报。", ["原则同意"]),
    ("会议审议并原则上通过了《办法（草案）》。", ["原则通过"]),
    ("会议原则通过市政府办公室提交的《分工方案》。", ["原则通过"]),
    ("会议审议通过了《预算评审办法》，会议要求严格执行。", ["通过"]),
    ("会议审议通过《规划》。", ["通过"]),
    ("会议听取并研究通过了《工作要点》。", ["通过"]),
    ("会议一致通过《决定》。", ["通过"]),
    ("会议同意将启用时间调整到年底。", ["同意"]),
    ("经研究，会议决定同意该项目按程序立项。", ["同意"]),
    ("会议经充分讨论，一致同意如下意见。", ["同意"]),
    ("会议认为，听证程序尚不充分，决定暂缓实施。", ["暂缓"]),
    ("会议决定暂缓审议《办法》。", ["暂缓"]),
    ("会议不同意追加预算。", ["不同意"]),
    ("原则同意《甲》及配套政策。原则同意《乙》。", ["原则同意", "原则同意"]),
    ("会议传达学习了全省有关会议精神。", ["传达学习"]),
    ("会议学习传达了市委全会精神。", ["传达学习"]),
    ("会议传达市政府常务会议精神。", ["传达学习"]),
    ("会议传达学习了讲话精神，并研究了贯彻落实工作。", ["传达学习"]),
    ("会议传达学习了全省会议精神，听取了我市相关工作情况。", ["传达学习", "听取"]),
    ("会议听取了市统计局关于经济运行情况的汇报。会议指出，形势稳定。", ["听取"]),
    ("会议听取区发展改革委关于经济运行情况的汇报。", ["听取"]),
    ("会议听取了市市场监管局的汇报。原则同意评定结果。", ["原则同意"]),
    ("会议研究了城乡客运一体化工作。会议指出，要主动服务。", ["研究"]),
    ("会议听取并研究了工作要点。", ["听取", "研究"]),
    ("原则同意该方案。责成市住建局于12月底前完成整改。", ["原则同意", "责成"]),
    # What is no verdict.
    ("由市财政局报市政府同意后实施。", []),
    ("经市委同意，市教育局印发通知。", []),
    ("要通过行政处罚等手段，加大惩处力度。", []),
    ("严格按照本次会议通过的方案，组织实施。", []),
    ("会议审议通过的省委《建议》，体现了担当。", []),
    ("要广泛听取各方面意见。", []),
    ("各部门要认真研究，拿出办法。", []),
    ("会议强调，要学习先进经验。", []),
    ("会议审议了《方案》，议定了以下意见：", []),
    ("会议指出，同意率达到九成。", []),
]


@pytest.mark.parametrize(("text", "verdicts"), VERDICTS)
def test_verdicts(text: str, verdicts: list[str]) -> None:
    """Each wording of a decision gives its verdict; what only looks like one gives none."""
    assert [d.verdict for d in outcome(text).verdicts] == verdicts


def test_a_verdict_with_object_and_condition() -> None:
    """The object is the rest of the clause, the condition the amendment that is asked for."""
    text = (
        "（一）原则同意《云州市节水办法》（以下简称《办法》）。"
        "由市水利局根据本次会议讨论意见作进一步修改完善后，按程序印发。"
    )
    assert outcome(text).verdicts == (
        Decision("原则同意", "《云州市节水办法》", "根据本次会议讨论意见作进一步修改完善后"),
    )


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("原则同意该方案，由司法局进一步修改完善后，按程序报请县委审定。", "进一步修改完善后"),
        ("原则通过《规划》。会后，根据会议讨论的意见修改完善后，以市政府名义印发。", "根据会议讨论的意见修改完善后"),
        ("原则同意该方案，由市局根据会议意见进一步修改完善，依程序印发。", "根据会议意见进一步修改完善"),
        (
            "原则同意。县财政局根据会议讨论意见，对该《办法》再行修改完善，印发实施。",
            "根据会议讨论意见，对该《办法》再行修改完善",
        ),
        ("原则同意该方案。由市科技局根据本次会议讨论意见提请市委常委会审议。", None),
        ("会议原则同意该《清单》，按会议精神修改完善后，以区府办名义印发。", "按会议精神修改完善后"),
        ("原则同意该方案。要完善体制机制。", None),
    ],
)
def test_conditions(text: str, condition: str | None) -> None:
    """A condition is what must be done to the text before it counts, and nothing else."""
    assert outcome(text).verdicts[0].condition == condition


LEADS = [
    ("由市总工会根据本次会议讨论意见作进一步修改完善。", "市总工会"),
    ("由市发改委牵头，市财政局配合。", "市发改委"),
    ("县财政局负责，根据会议讨论意见再行修改。", "县财政局"),
    ("由吴某某同志牵头调度，市农业农村局具体负责，抓好落实。", "市农业农村局"),
    ("副县长石某牵头，县人社局负责，摸排隐患。", "县人社局"),
    ("责成市人社局会同市住建局，对处置结果逐项核对。", "市人社局"),
    ("县安防办履行牵头抓总职责，统筹推进。", "县安防办"),
    ("市政府办公室要牵头健全督办机制。", "市政府办公室"),
    ("县安防办要根据会议讨论意见，对方案修改完善后印发。", "县安防办"),
    ("由市政府研究室根据会议讨论意见修改。", "市政府研究室"),
    ("由市自然资源和规划局会同市水利局办理。", "市自然资源和规划局"),
    ("原则同意该意见。由统筹办、新农办组织验收。", "统筹办"),
    ("原则同意该请示，由生态环境分局依规办理。", "生态环境分局"),
    ("同意由县城乡融合发展投资集团公司作为项目主体。", "县城乡融合发展投资集团公司"),
    # Nobody leads.
    ("原则同意市财政局关于资金情况的汇报。", None),
    ("市总工会要会同各相关部门做好工作。", None),
    ("市领导小组要发挥好牵头抓总、协调督促作用。", None),
    ("由相关部门根据会议意见修改。", None),
    ("县委常委、常务副县长郭某牵头，县应急局等部门要做好防控。", None),
    ("牵头部门要负起主责。", None),
    ("各责任单位负责落实。", None),
    ("由此可见形势严峻。", None),
    ("设备配备由复审工作领导小组提出方案后另行研究。", None),
    ("企业主要负责人要在岗。", None),
]


@pytest.mark.parametrize(("text", "lead"), LEADS)
def test_lead_departments(text: str, lead: str | None) -> None:
    """Grammar tells who leads; people and nobody in particular do not."""
    assert outcome(text).lead_department == lead


REPORTERS = [
    ("原则同意市总工会关于设立节日情况的汇报。", "市总工会"),
    ("会议听取了区商务委主任叶某关于投资情况的汇报。", "区商务委"),
    ("会议讨论并原则同意县财政局《关于预算的请示》。", "县财政局"),
    ("会议原则通过市政府办公室提交的《方案》。", "市政府办公室"),
    ("会议听取了区城管执法局局长赵某华同志关于服务保障工作的情况汇报。", "区城管执法局"),
    ("会议审定了县编办送审的《实施意见（送审稿）》。", "县编办"),
    ("会议听取了关于防汛情况的汇报。", None),
    ("会议听取了市应急管理局、市自然资源和规划局工作汇报。", None),
    ("会议审议通过的省委《关于规划的建议》，意义重大。", None),
]


@pytest.mark.parametrize(("text", "reporter"), REPORTERS)
def test_reporters(text: str, reporter: str | None) -> None:
    """Who brought the matter in reports; several together are none."""
    assert outcome(text).reporter == reporter


def test_departments_in_reading_order() -> None:
    """Leaders, supporters, partners and those charged are all named, each once."""
    text = (
        "由市发改委牵头，市水利局、市财政局配合，进一步开展成本监审。"
        "市教育局要控制标准。市发改委要会同市司法局抓好落实。"
    )
    assert outcome(text).departments == ("市发改委", "市水利局", "市财政局", "市教育局", "市司法局")
    assert outcome("会议听取了市应急管理局、市自然资源和规划局防火工作汇报。").departments == (
        "市应急管理局",
        "市自然资源和规划局",
    )


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("各地各部门要提高认识；各地各部门要抓好落实。", ("各地各部门",)),
        ("各区镇、街道和各相关部门要提高站位。", ("各区镇、街道和各相关部门",)),
        ("会议强调，全县各级各部门必须压实责任。", ("全县各级各部门",)),
        ("要各司其职。", ()),
        ("各责任单位相应成立专班。", ()),
    ],
)
def test_addressees(text: str, who: tuple[str, ...]) -> None:
    """Whom the meeting speaks to in general."""
    assert outcome(text).addressees == who


STEPS = [
    (
        "由市局根据本次会议讨论意见修改完善后，按程序提请市委常委会审议。",
        ("按程序提请市委常委会审议", "提请审议", "市委常委会"),
    ),
    ("由市局根据本次会议讨论意见提请市委常委会会议审议。", ("提请市委常委会会议审议", "提请审议", "市委常委会")),
    ("由市局根据会议意见修改后，提请市委深改委审议。", ("提请市委深改委审议", "提请审议", "市委深改委")),
    ("原则同意该意见，会后修改完善后报请县人大常委会议审批。", ("报请县人大常委会议审批", "报请审批", "县人大常委会")),
    ("决定提请市九届人大常委会第一次会议审议。", None),
    ("会议决定提请市人大常委会第一次会议审议。", ("提请市人大常委会第一次会议审议", "提请审议", "市人大常委会")),
    ("由市局修改完善后，按程序以市安委会名义印发实施。", ("按程序以市安委会名义印发实施", "印发实施", "市安委会")),
    (
        "会议原则同意该《清单》，按会议精神修改完善后，以区委办、区府办名义印发。",
        ("以区委办、区府办名义印发", "印发", "区委办、区府办"),
    ),
    ("会后修改完善，以政府办文件印发。", ("以政府办文件印发", "印发", "政府办")),
    ("由市局根据本次会议讨论意见按程序做好后续工作。", ("按程序做好后续工作", "做好后续工作", None)),
    ("由市局修改完善后，分别按程序印发实施。", ("分别按程序印发实施", "印发实施", None)),
    ("原则同意该项目按程序立项。", ("按程序立项", "立项", None)),
    ("原则同意该请示，由市局依规办理。", ("依规办理", "办理", None)),
    ("原则同意，由生态环境分局按程序向县委作专题汇报。", ("按程序向县委作专题汇报", "作专题汇报", "县委")),
    ("经副县长审核把关后，县政府办公室印发实施。", ("县政府办公室印发实施", "印发实施", "县政府办公室")),
    ("县安防办要根据会议讨论意见，对方案修改完善后印发。", ("印发", "印发", None)),
    # Tasks are no next step.
    ("要按照相关程序做好节日设立工作。", None),
    ("后续事项须报市政府审定后实施。", None),
    ("第一时间向县委、县政府报告。", None),
    ("会后，各部门要抓好贯彻落实。", None),
]


@pytest.mark.parametrize(("text", "step"), STEPS)
def test_next_steps(text: str, step: tuple[str, str, str | None] | None) -> None:
    """What comes next is told with its action and the body that is asked or named."""
    found = outcome(text).next_step
    assert (found and (found.text, found.action, found.body)) == step


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("责成市住建局于2025年6月底前完成整改。", "2025年6月底前"),
        ("确保12月31日前全部完工。", "12月31日前"),
        ("请各单位在10个工作日内反馈。", "10个工作日内"),
        ("力争年底前投用。", "年底前"),
        ("国庆节前要完成检查。", "国庆节前"),
        ("近三年内成效明显。", None),
        ("今年以来形势良好。", None),
    ],
)
def test_deadlines(text: str, deadline: str | None) -> None:
    """A deadline stands as it is worded."""
    assert outcome(text).deadline == deadline


def test_paragraphs_of_one_resolution_are_merged() -> None:
    """What is heard in the first paragraph and agreed in the third is agreed."""
    found = outcome("会议听取了情况汇报。", "会议指出，成效明显。", "会议原则同意该方案，由市民政局按程序印发。")
    assert [d.verdict for d in found.verdicts] == ["原则同意"]
    assert found.lead_department == "市民政局"


@pytest.mark.parametrize(
    ("title", "decision"),
    [
        ("传达学习全省会议精神", Decision("传达学习", "全省会议精神")),
        ("听取防汛工作情况汇报", Decision("听取", "防汛工作情况汇报")),
    ],
)
def test_a_heading_says_what_was_done(title: str, decision: Decision) -> None:
    """Where the body does not repeat it, the heading's word counts."""
    assert decisions.of_title(title) == (decision,)
    assert decisions.of_title("审议《办法》") == ()
