"""What a message is for (意图): the model's opinion, and the few rules that are surer than it.

Rules stand only where the words leave no doubt (one-word commands, a greeting, an order to pass a case on) or where a
miss would cost a life. The rest is left to the model, whose probabilities are honest on voices it never heard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.danger import Danger
from nlp.gazetteer import Context
from nlp.lexicon import Concepts
from nlp.reading import Intent
from nlp.states import meaningful

Chances = dict[Intent, float]

_CERTAIN = 0.95
ASK_BELOW = 0.6  # a best guess less sure than this is asked about: about one message in twelve (dev)
# How likely a crisis must be to come first: the sum of what two heads say (it is the intent; it is there at all).
# Chosen on the voices of dev, where 2 in 100 messages are called falsely. A message with no word of trouble, a story
# or a joke must be surer: everyday chat is made of these.
_CALLED, _CALLED_WORDLESS, _CALLED_IN_A_STORY = 0.6, 1.2, 1.5
# Worry about somebody without a sign, and a fright taken back, have crisis beside them (labels.md, border 1): there the
# second head is high by right, and the first alone must say more than this.
_MORE_THAN_WORRY = 0.22
_SURE_WITHDRAWAL = 0.6
_DOUBTED = 0.1  # words of danger call nobody where that sum is smaller: half of their false calls, no true one (dev)
_SPARK = 0.1  # a label such as 更正： needs at least so much of the model's agreement
_OFFERED = 0.01  # what is less likely is not offered

# A withdrawal, a command, the menu, a greeting: nothing else stands in the message.
_CANCEL = re.compile(r"(?:取消|撤回|撤销|不报了|算了不报了|重来|作废)[吧了哈。！!~]*")
_PRESS = re.compile(
    r"(?:接单|退单|转办|记进展|办结|撤销|改派|定范围|签收|派单|我的|今日|今天|看下?|查下?|列下?)?"
    r"(?:接单|退单|转办|记进展|办结|撤销|改派|定范围|签收|派单|待办(?:事项)?|超时(?:的|清单)?|超期(?:的|清单)?|逾期的?|积压的?|日报|红牌|黄牌)[。！!~？?]*"
)
_MENU = re.compile(
    r"(?:帮助|菜单|help|怎么用|咋用|说明|使用说明|人工|转人工|人工客服|\?|？)[。！!？?~]*", re.IGNORECASE
)
_WHICH_NUMBER = re.compile(
    r"(?:我想|俺想|请问|问下|想问)?(?:投诉|举报)(?:要|该|得|应该)?(?:打|拨)(?:哪个|什么|啥|哪)(?:电话|号码?|热线)[?？啊呢吗]*|(?:投诉|举报)(?:电话|热线|的?号码)是?(?:多少|哪个|啥|几)号?[?？啊呢吗]*"
)
_GREETING = re.compile(
    r"(?:你好|您好|恁好|在吗|在不|早上好|晚上好|下午好|中午好|嗯+|哦+|好的?|知道了|收到|ok|行|中)[啊呀哈了。！!？?~]*",
    re.IGNORECASE,
)
_PASS_ON = re.compile(
    r"^(?:请|麻烦)?(?:把|将).{2,40}(?:转给|转到|转交|派给|交给|改派|移交)|"
    r"^(?:这|那)(?:个|件|单|条|户).{0,16}(?:转给|转|派给|归)[^，。]{2,8}(?:局|办|所|联|站|中心|公司|吧)|"
    r"^[^，。！？]{2,24}的?(?:事|件|单子?|问题)(?:请)?(?:转给|转到|转交|转|派给|交给)[^，。！？]{1,8}(?:局|办|所|联|站|中心|公司|区里|镇里|市里|区上|镇上)吧?[。！]?$"
)
_AMENDS = re.compile(r"(?:更正|补充|纠正|勘误)(?:一下)?[:：]")  # also what the bot puts before an edited message
# 举报某某收了钱: said outright, whoever says it; not 举报电话多少, 举报要实名吗.
_DENOUNCES = re.compile(
    r"(?:[我俺]们?)?(?:要|想|来)?(?:实名|匿名)?(?:举报|检举|控告|投诉)[^?？。，]{0,16}(?:收|拿|贪|吞|占|套|截|扣|冒领|虚报|包庇|打|骂|勒|卡|卖|分)[^?？吗]{1,40}(?<![不没么吗])$"
)
_TAKEN_FOR_TALK = (Intent.POLICY, Intent.CHITCHAT, Intent.HELP, Intent.THANKS, Intent.MANAGE)
# Messages about a danger told before: where the model is sure of one of these, the words of danger do not overrule it.
_AFTERWARDS = (Intent.SUPPLEMENT, Intent.WITHDRAW, Intent.PROGRESS, Intent.POLICY, Intent.HELP, Intent.THANKS)

# How likely an intent must be to stand beside the primary one (chosen on the voices of dev). Talk and 怎么用 open
# nothing and are not named; a worry about somebody's life is named early.
_BESIDE: Mapping[Intent, float] = {
    Intent.VISIT: 0.6,
    Intent.HARDSHIP: 0.5,
    Intent.COMPLAINT: 0.5,
    Intent.POLICY: 0.5,
    Intent.PROGRESS: 0.6,
    Intent.SUPPLEMENT: 0.5,
    Intent.THANKS: 0.5,
    Intent.MANAGE: 0.6,
    Intent.CRISIS: 0.35,
}


_NEEDS = (
    "acute", "injury", "medical_money", "no_money", "debt", "disaster", "loss", "house_bad", "roof_gone", "no_water",
    "dropout", "job_lost", "medicine_out", "income_drop", "funeral", "worry",
)  # fmt: skip
_BASIC_NEEDS = ("house_bad", "roof_gone", "no_water", "dropout", "medicine_out")
# What an officer tells of a case in hand: 情况属实，已联系医院，报镇里申请.
_HANDLED = re.compile(
    r"情况属实|(?:已经?|正在)(?:联系|协调|安排|上报|报|核实|申请|送|处理|对接|转|落实|派|通知|修|解决|入院|发放|走)|报(?:镇里|镇上|区里|民政)"
)


def likeliest(chances: Chances) -> Intent:
    """The intent that has the most for it; of equals the first."""
    return max(chances, key=lambda intent: chances[intent])


def settle(model: Chances, dangerous: float, concepts: Concepts, risk: Danger, context: Context) -> Chances:
    """Intent → probability, summing to 1, the rules applied to what the model says.

    `dangerous`: how likely it is that a crisis is told at all, first or beside something else.
    """
    certain = _by_rule(model, dangerous, concepts.text.strip(), risk, context)
    chances = dict(model)
    if certain is not None:
        chances[certain] = 0.0
        rest = sum(chances.values()) or 1.0
        share = max(model[certain], _CERTAIN)
        chances = {intent: (1 - share) * chance / rest for intent, chance in chances.items()}
        chances[certain] = share
        return chances
    _borders(chances, concepts)
    handled = context.role != "resident" and len(_HANDLED.findall(concepts.text)) > 1
    if handled and not re.search(r"[?？]|入户|走访|去了|来电", concepts.text):
        chances[Intent.SUPPLEMENT] = max(chances.values()) + 0.5
    quiet = risk.told or risk.taken_back
    wordless = not (risk.hint or risk.faint or meaningful(concepts))
    bar = _CALLED_IN_A_STORY if quiet else _CALLED_WORDLESS if wordless else _CALLED
    first = likeliest(model)
    taken_back = first is Intent.WITHDRAW and (risk.taken_back or model[first] > _SURE_WITHDRAWAL)
    worry = first is Intent.HARDSHIP or taken_back
    if model[Intent.CRISIS] + dangerous > bar and (not worry or model[Intent.CRISIS] > _MORE_THAN_WORRY):
        chances[Intent.CRISIS] = max(chances.values()) + 0.01
    total = sum(chances.values())
    return {intent: chance / total for intent, chance in chances.items()}


# A bribe or a threat in what sounds like a question on the state, or like thanks (labels.md, borders 4 and 7).
_DEMAND = re.compile(
    r"不(?:送|给|请|表示)[^，。]{0,6}(?:烟|酒|钱|礼|客)?[^，。]{0,4}(?:就?别想|别想|不办|不给|不批|没门)|给(?:俩|点|几个|两个)钱就|(?:两|一|几)条烟|好处费|意思意思|表示表示|"
    r"(?:要|收|拿)了?(?:俺|我|人家)?[^，。]{0,4}(?:块|百|千|烟|酒)[^，。]{0,6}才|明着要|塞(?:了|给)|截留|克扣|(?:谢|揣|装|进|弄)到?[^，。]{0,3}自己(?:存折|兜|腰包|卡|口袋)"
)
_BUT = re.compile(r"(?:可是?|但是?|不过|就是|只是|然而|没想到|谁知|另外)[^。]*$")
_DROPPED = re.compile(r"不说了|算了|不提了|办好了就|就中|没事|没啥|慢了?点|不是投诉|已经好了|也没啥")


def _borders(chances: Chances, concepts: Concepts) -> None:
    """Shifts weight over borders that labels.md draws by rule: a call for action goes before thanks and questions."""
    text = concepts.text
    best = likeliest(chances)
    top = chances[best] + 0.01
    if best in (Intent.PROGRESS, Intent.THANKS) and _DEMAND.search(text):
        chances[Intent.COMPLAINT] = top
    elif best is Intent.THANKS and (turn := _BUT.search(text)) and not _DROPPED.search(turn[0]):
        behind = {hit.concept for hit in concepts.hits if hit.start > turn.start()}
        if behind & {"thing", "thing_bad"} and not behind & {"house_bad", "illness", "no_money"}:
            chances[Intent.COMPLAINT] = top
        elif behind & {"house_bad", "no_money", "medicine_out", "acute", "no_water", "dropout"}:
            chances[Intent.HARDSHIP] = top


def _by_rule(model: Chances, dangerous: float, text: str, risk: Danger, context: Context) -> Intent | None:
    """The intent that a rule is certain of, if any."""
    officer = context.role != "resident"
    if _CANCEL.fullmatch(text) and not (officer and text.startswith("撤销")):
        return Intent.WITHDRAW
    if officer and (_PRESS.fullmatch(text) or _PASS_ON.search(text)):
        return Intent.MANAGE
    if _MENU.fullmatch(text) or _WHICH_NUMBER.fullmatch(text):
        return Intent.HELP
    if _AMENDS.match(text) and model[Intent.SUPPLEMENT] > _SPARK and not (risk.crisis or risk.now):
        return Intent.SUPPLEMENT
    if _DENOUNCES.match(text) and likeliest(model) in _TAKEN_FOR_TALK:
        return Intent.COMPLAINT
    if _GREETING.fullmatch(text):
        return Intent.CHITCHAT
    if any(model[intent] > 0.6 for intent in _AFTERWARDS) and model[Intent.CRISIS] < 0.2:
        return None
    if risk.crisis and model[Intent.CRISIS] + dangerous > _DOUBTED:
        return Intent.CRISIS
    return Intent.HARDSHIP if risk.now and model[Intent.CRISIS] < 0.4 else None


def beside(intent: Intent, there: Mapping[Intent, float], risk: Danger, concepts: Concepts) -> tuple[Intent, ...]:
    """The intents beside the primary one, the likeliest first. `there`: how likely each is in the message at all."""
    if intent is Intent.SUPPLEMENT and len(_HANDLED.findall(concepts.text)) > 1:
        return ()
    found = {other: there[other] for other, least in _BESIDE.items() if other is not intent and there[other] > least}
    if intent is Intent.VISIT and _basic_need_told(concepts):
        found[Intent.HARDSHIP] = max(there[Intent.HARDSHIP], 0.5)  # a leaking roof found is a need, whatever the tone
    elif intent is Intent.COMPLAINT and _own_need_told(concepts):
        found[Intent.HARDSHIP] = max(there[Intent.HARDSHIP], 0.5)  # a need beside an accusation goes on at once
    if intent is Intent.WITHDRAW and risk.taken_back and concepts.has("suicide", "violence", "missing"):
        found[Intent.CRISIS] = 1.0
    if intent is Intent.CRISIS and risk.by_officer:
        found[Intent.COMPLAINT] = 1.0
    return tuple(sorted(found, key=lambda other: -found[other]))


_WISH = re.compile(
    r"诉求|[想盼求要](?:着|给|把|能|人)?(?:修|补|换|盖|续|拉|接|送|上学|复学|翻)|(?:住房|饮水|吃水|用药|上学)[：:]"
)


def _basic_need_told(concepts: Concepts) -> bool:
    """Whether a report names a want of roof, water, school or medicine that has not been mended, and what is wished."""
    told = any(not hit.negated for hit in concepts.of(*_BASIC_NEEDS))
    return told and bool(_WISH.search(concepts.text)) and not concepts.has("solved", "planned", "negate_need")


_OWN = re.compile(r"[俺我咱](?:们|自己)?(?:家|娘|爹|爸|妈|男人|媳妇|老伴|老婆|对象|那口子|儿|孩|闺女|孙|奶|爷)")


def _own_need_told(concepts: Concepts) -> bool:
    """Whether an accusation tells beside it that the sender's own household is ill without money, without medicine,
    food, water or a roof."""
    if not _OWN.search(concepts.text):
        return False
    told = {hit.concept for hit in concepts.of(*_NEEDS, "illness") if not hit.negated}
    ill = told & {"illness", "acute", "injury"} and told & {"no_money", "medical_money"}
    return bool(ill or told & {"medical_money", "medicine_out", "roof_gone", "no_water", "disaster"})


def offer(ranked: list[Intent], chances: Chances) -> tuple[Intent, ...] | None:
    """The two or three intents to ask about, or None where the best is sure enough."""
    if chances[ranked[0]] >= ASK_BELOW:
        return None
    likely = tuple(intent for intent in ranked[:3] if chances[intent] > _OFFERED)
    return likely if len(likely) > 1 else tuple(ranked[:2])
