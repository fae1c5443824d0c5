"""States of a message beside its intent: denied, nameless, urgent, and what kind of household speaks.

Borders are those of docs/labels.md (Urgency, negation, anonymity; Conventions) and of rules.md G.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.lexicon import Concepts
from nlp.reading import Intent

_MEDIA = re.compile(
    r"\s*[\[【(（<]?\s*(?:语音|图片|照片|视频|动画表情|表情|位置|文件|小视频)(?:消息|通话)?\s*[0-9]*\s*(?:秒|\"|”|s|张)?\s*[\]】)）>]?\s*"
)
_NO_NEED = re.compile(
    r"(?<!不是)(?:没有?|无|不存在|没啥|没什么|没有什么|未发现|未见|木有|也没|并无|没个|0)(?:有)?(?:啥|什么|任何|明显|其他|别的|新的|特别)?(?:返贫|致贫|返贫致贫|困难|难处|风险|返贫风险|需求|诉求|隐患|所求|要求|问题(?!.{0,2}反映))|"
    r"(?<!不是)(?:不|没|用不着|无需|不需要?|不用)(?:困难(?!是)|缺啥|缺吃|缺穿|缺什么|要救助|要补助|要帮扶|要帮助|愁吃|愁穿)|(?:啥|什么|都)也?(?:都)?不缺|不(?:存在|算).{0,4}(?:困难|风险)|风险(?:已)?消除(?!后)|不是有困难|撑得住.{0,3}没有困难|没啥大事|(?:俺|我)没事(?:了|啊|，)|没事(?:了|啊)?，?(?:别|不用|甭)"
)
# In a withdrawal: the trouble is over, or never was (来水了, 找着了, 误报).
_OVER = re.compile(
    r"(?:水|电)(?:就|又|都)?(?:来|有|通)了|来(?:水|电)了|来啦来啦|找着了|找到了|回来了|自己回来|解除|误报|误会|虚惊|平安|没(?:想|退学|摔|塌|着火|丢)|戏言|气话|醉|喝多|喝了猫尿|瞎说|啥事没有|不堵了|不漏了|不要紧|不用(?:派|来)(?:人|车|了)|别来(?:人)?了|看错了|看岔|听错|错怪|补上了|房补到|填上了|是空房|已被控制|软了|好了"
)
_NO_CHARGE = re.compile(
    r"(?:不是|没想|不想|不算|没打算|没有要|并非|没要|也没想|不为|可不是|俺不|我不)(?:来|要|想|在|为了|我)?.{0,3}(?:投诉|举报|告谁|告状|告人|告他|告恁|检举|抱怨|挑事|告了?[，。\s啊哈]|找茬|埋怨|怪谁)|不告状|不是告"
)
_NAMELESS = re.compile(
    r"匿名|(?:姓名|名字|姓|信息|身份).{0,4}(?:保密|不便|别|不留|不愿|不敢|不说|不写|不想|免|隐)|(?:别|甭|不要|莫|不许|可别|千万别|不让|请勿|不能)[^，。！能]{0,8}(?:说|讲|提|写|露|透露|泄露|泄漏|传|问|知道|晓得)[^，。！]{0,6}(?:俺|我|是谁|名|来源|她来|他来|反映人|举报人|叫啥|是他|是她|说的|讲的|出去)|"
    r"不(?:肯|愿|敢|想|方便|便)(?:留|透露|署|报|说|写|提供|具)(?:姓?名|自己|名字|姓)|(?:要求|请|请求|希望|务必)[^，。]{0,6}(?:保密|匿名)|不(?:留名|署名|具名|报姓|说姓名)|(?:消息来源|俺是谁|我是谁).{0,4}(?:不能说|别)|怕(?:报复|打击|他知道|他们知道|他看见)|(?:替|给)(?:俺|我)(?:瞒|保密|捂)|(?:别|甭)(?:叫|让)[^，。]{1,6}(?:知道|看见|听见)|别把(?:俺|我).{0,4}(?:说|供|写|漏)|不报名字|保密(?:哈|啊|。|，|$|处理)|严格保密"
)
_NAMELESS_ASKED = re.compile(
    r"(?:保密|匿名).{0,6}(?:[不吗么]|行不|中不|可以)[？?。]?$|(?:能|可以|会|给|是不是|能不能|会不会)[^，。]{0,8}(?:保密|匿名)[^，。]{0,4}(?:[不吗么？?])|保不保密|要不要(?:留|写)?(?:实名|名)"
)
_POOR = re.compile(r"监测户|低[保宝]户|地保户|特困|特昆|五保|贫困户|建档立卡|吃低保|监测对象")
_NOT_POOR = re.compile(r"(?:不是|没|办|申请|评|要|算|够).{0,3}(?:监测户|低保户|特困)")

_GRADED = (Intent.VISIT, Intent.HARDSHIP, Intent.COMPLAINT, Intent.CRISIS)
_LIFE = re.compile(
    r"(?:喘|憋|脸|嘴|嘴唇)[^，。]{0,6}(?:不上气|紫|青|乌)|叫不[醒应大]|昏[迷死过]|不省人事|吐血|(?:血|鼻血)[^，。]{0,4}止不住|抽(?:过去|搐|风)|快不行|病危|抢救|ICU|icu|重症监护|口吐白沫|翻白眼|说胡话|大出血|脑出血|中毒|救命|没了?气|断气|(?:烧|体温)[^，。]{0,3}(?:四十|40|39|三十九)|羊水|要生了|心梗|呼吸机|制氧机|氧气"
)
_TREATMENT = re.compile(
    r"(?:明天|今天|今晚|今门|明儿|明早|明门|后天|这两天|马上|就要)[^，。]{0,10}(?:停药|停了?药|停针|停透析|不给(?:做|治|用|打|透)|出院|撵|赶|断药|见底)|(?:停药|停了药|不给做手术|不给透析|不让透析|停透析|等着手术|等钱手术|等着救命)|(?:一顿|一天|一次|这一顿)(?:都|也)?不能断|透析[^，。]{0,8}(?:不上|停|没钱|没了|交不)"
)
_NO_ROOF = re.compile(
    r"(?:今晚|今门黑|今夜|今天黑|黑了|晚上|夜里)[^，。]{0,8}(?:没处|没地|睡哪|住哪|没个|咋睡|咋住|住不)|(?:房|屋|墙|顶|山墙|梁)[^，。]{0,5}(?:塌|倒)了?|没处(?:睡|住|去|躲)|没地方(?:睡|住)|睡(?:大街|院子|车里|露天|棚|雪地|桥洞)|(?:房|屋|人)?(?:随时|眼看|快)(?:要|会)?(?:塌|倒)|不敢(?:进屋|睡屋|在屋)|(?:撵|赶)出(?:来|去)?[^，。]{0,6}(?:没|睡|住)"
)

# Without one of these an unsure message has nothing to hold on to.
_MEANINGFUL = (
    "illness",
    "acute",
    "injury",
    "medical_money",
    "no_money",
    "debt",
    "disaster",
    "loss",
    "house_bad",
    "water",
    "school",
    "dropout",
    "job",
    "care",
    "funeral",
    "keep_eye",
    "need_word",
    "thing",
    "officer",
    "body_village",
    "body_town",
    "body_county",
    "take",
    "slow",
    "accuse",
    "scheme",
    "ask_rule",
    "ask_state",
    "correct",
    "add",
    "undo",
    "thanks",
    "command",
    "order",
    "figures",
    "been",
    "suicide",
    "violence",
    "abuse",
    "missing",
    "fire",
    "gas",
    "collapse",
    "flood",
    "despair",
)


def meaningful(concepts: Concepts) -> bool:
    """Whether the message touches anything that an office could hold on to."""
    return concepts.has(*_MEANINGFUL)


def media_only(text: str) -> bool:
    """Whether the message is a voice note, photo or the like without any words: [语音 17秒]."""
    bare = text.strip()
    return bool(bare) and bare[0] in "[【(（<" and _MEDIA.fullmatch(bare) is not None


def denies(concepts: Concepts, intent: Intent) -> bool:
    """Whether it is said outright that there is no hardship, risk or need (any more), or that this is no complaint."""
    text = concepts.text
    if intent is Intent.CHITCHAT:
        return False
    if intent is Intent.WITHDRAW and _OVER.search(text) and not re.search(r"书记|主任|会计|不撤|再告", text):
        return True
    return _NO_NEED.search(text) is not None or _NO_CHARGE.search(text) is not None


def nameless(concepts: Concepts, intent: Intent) -> bool:
    """Whether secrecy is asked for or the name refused; asking whether a name is kept secret is not yet a wish."""
    text = concepts.text
    wish = _NAMELESS.search(text)
    if wish is None or intent in (Intent.POLICY, Intent.CHITCHAT, Intent.HELP):
        return False
    asked = _NAMELESS_ASKED.search(text)
    if asked is None:
        return True
    return _NAMELESS.search(text[: asked.start()]) is not None or _NAMELESS.search(text[asked.end() :]) is not None


def poor_household(concepts: Concepts) -> bool:
    """Whether the sender calls the household 监测户, 低保户 or 特困."""
    text = concepts.text
    return _POOR.search(text) is not None and _NOT_POOR.search(text) is None


def life_at_stake(text: str) -> bool:
    """Urgency A by rule: life or safety now, treatment stopping within a day, no safe roof tonight."""
    return any(pattern.search(text) for pattern in (_LIFE, _TREATMENT, _NO_ROOF))


def urgency(concepts: Concepts, intent: Intent, need: bool, lead: float, chances: Mapping[str, float]) -> str | None:
    """A, B or C; None where the intent has none. `lead`: how likely it is that only an eye is asked for."""
    if intent not in _GRADED:
        return None
    if intent is Intent.CRISIS or (need and life_at_stake(concepts.text)):
        return "A"
    if intent is Intent.HARDSHIP and (lead > 0.4 or (lead > 0.1 and concepts.has("keep_eye"))):
        return "C"
    level = max(chances, key=lambda name: chances[name])
    if intent is Intent.VISIT and need and level == "C":
        return "B"  # a need found on a visit wants action (labels.md, border 3)
    return level
