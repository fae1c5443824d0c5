"""Danger to life: what must reach a person at once (轻生, 施暴, 孩子有危险; 着火, 塌, 漏气).

A hint counts, and a false call is cheap; still the everyday words of jokes, films, dreams and figures of speech
must not call anybody (labels.md, border 1; domain.md F12, F14, G5, G6). The rules here are those that are safer than
a model; each has its counter-examples in tests/nlp/test_danger.py. What they leave open the model decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.lexicon import Concepts

# Words of killing and dying that are a manner of speaking: 想死恁了, 累死了, 杀年猪, 死贵.
_MANNER = re.compile(
    r"想死(?:恁|你|我|俺|他|她|个人|的心)|(?:累|笑|热|冻|冷|饿|困|烦|气|急|忙|吓|美|馋|愁|羞|渴|撑|辣|酸|香|臭|难看|丑|乐|吵|痒|爱|恨|贵|慢|疼|堵|烤|晒|蠢|笨|懒)死|"
    r"(?:打|累|气)死(?:我|俺)也|死(?:机|心眼|贵|沉|劲|活|板|党|角|咸|记|磕|要面子)|杀(?:价|毒|鸡|猪|羊|年猪|牛|鱼|青|软件|时间)|(?:秒|绝|抹)杀|要死要活|死猪|"
    r"炸(?:油条|丸子|鱼|藕|串|鸡|酱|锅|毛)|上吊(?:兰|灯|扇)|跳楼价|跳楼大?(?:甩|处理|清仓|价)|气炸|该死的?|死鬼|死老头子"
)
_TOLD = re.compile(
    r"做.{0,2}梦|梦见|梦到|梦着|电视|电影|演的|演到|剧里|追剧|新闻(?:上|里|说)|小说|抖音|快手|刷到|听书|说书|戏里|唱戏|听戏|看戏|那(?:个|部)片|这集|朋友圈|游戏|王者|吃鸡|斗地主|演习|演练|段子|谜语|歌词|课文|作文|小品|相声|公众号|网上(?:说|看)|直播"
)
_LAUGH = re.compile(
    r"哈哈|嘿嘿|嘻嘻|hhh|233|😂|🤣|😄|😁|\[(?:笑|捂脸|呲牙|偷笑|破涕为笑|憨笑)|开玩笑|闹着玩|逗你玩|逗恁玩|笑死"
)
_TAKEN_BACK = re.compile(
    r"(?:没有?|不是)(?:那个?|这个?|要死的?)(?:意思|念头|心思)|没(?:有)?(?:要怎么样|打算死|想怎么样)|不寻短见|(?:没|没有|不是|并没|哪)(?:想|要|真想|真要)?.{0,3}(?:寻短见|寻死|想不开|轻生|自杀|不想活|去死)|(?:瞎说|胡说|气话|醉话|酒话|戏言|虚惊|误会|误报|说着玩|别当真|不作数|不算数|解除|撤回|撤了|取消|平安|找到了|找着了)"
)
_CALM_VIEW = re.compile(
    r"(?:不要|没有?|并?未|不至于|倒不|也不|不是).{0,3}(?:寻短|寻死|轻生|要死要活|想不开|自杀|不想活)"
)
_GENERAL = re.compile(r"宣传|培训|知识|手册|讲座|咨询热线|热线是|预防|温馨提示|通知|演练|如何|怎么防|政策")
# A child who asks in a roundabout way, or somebody who asks for one.
_CHILD = re.compile(
    r"孩子|小孩|小朋友|闺女|孙子|孙女|小妮|丫头|妮子?|学生|女童|男童|儿童|娃|小男孩|小女孩|女孩|男孩|婴儿|小闺女|[一二三四五六七八九十0-9]{1,2}岁"
)
_CHILD_ASKS = re.compile(
    r"爸[^，。]{0,4}(?:喝完?酒|喝醉)[^，。]{0,12}(?:可以|能|去|住|睡|躲|怕)|可以去你们(?:那|这)|(?:去|住|躲)(?:到|在)?你们(?:那|这)里?.{0,4}(?:睡|住|躲)|敲窗户?[^，。]{0,8}(?:开门|糖)|"
    r"(?:有个|一个|有一个)(?:小孩|同学|小朋友)[^。]{0,24}(?:打|不给饭|不让(?:她|他)?(?:回|说)|锁|没有人要)|(?:谁|没(?:有)?人)(?:都|也)?(?:不|再)?要(?:我|小朋友)|换(?:个|一个)(?:家|爸爸|妈妈)|"
    r"(?:不敢|害怕|不愿意?|不想)回(?:继父|后爹|后爸|后妈|她|他)?家[^，。]{0,8}(?:打|喝|怕|锁|爸|后|继|孩子)|不许(?:我|她|他)?(?:说|告诉)[^。]{0,12}(?:疼|摸|糖)|把我的?腿打断|就剩我(?:和|跟)(?:弟弟|妹妹)"
)
_HURT_CHILD = re.compile(
    r"一道一道|青一块|紫一块|青紫|瘀痕|瘀青|淤青|烟头烫|烫的(?:印|疤)|鞭痕|皮带抽|针扎|身上有印|狗笼|锁?猪圈里|罚跪|不给饭吃|饿着(?:她|他|孩子)|夜夜(?:叫|哭)|惨叫|哭着没声|(?:后爹|后爸|继父|姑父|伯伯)[^。]{0,20}(?:打|抽|摸|哭|瘀|缩|裤子|疼|不语)|猥亵|摸她|(?:就要|要)?订婚[^。]{0,10}十[二三四五]|十[二三四五][^。]{0,12}彩礼|(?:关|锁)在(?:器材室|屋里|笼|地窖)|烫伤疤"
)
_END = re.compile(
    r"下辈子|来世|来生|永别|别惦记俺|别惦记我|往后别惦记|(?:别|不用|甭)(?:再)?找(?:俺|我)了|(?:爸|妈|爹|娘|俺|我)先走(?:一步|了)|(?:俺|我)(?:走|没|不在)(?:了|以后)|替(?:俺|我)(?:照顾|照看|看好|养|看孩子)|帮(?:俺|我)(?:照看|养大?)(?:好)?(?:孩子|娃|闺女|儿)|"
    r"对不(?:住|起)(?:孩子|爹|娘|爸|妈|恁|你们|大家|你)|等不到过年|(?:说|要)?出远门|(?:往后|以后|明天以后)[^，。]{0,3}(?:不用|甭|用不着|别)[^，。]{0,6}(?:送|来|找|惦记|管|打|留)|用不着了|不给[^，。]{0,8}(?:添麻烦|添乱|添累赘)了|"
    r"没(?:什么|啥)(?:放不下|挂念|牵挂|留恋)|以后就(?:拜托|靠|指望)(?:各位|恁|你)|好好待你|(?:把孩子|孩子)带好|看(?:孩子|她|他)到十八|这下干净|来了也晚|不想给孩子添麻烦|心里(?:咯噔|发毛)|越想越不对|我拦不住"
)
_GIVES = re.compile(
    r"(?:存折|折子|存单|银行卡|卡密码|密码|钥匙|房产证)[^，。]{0,6}(?:给了?|都给|交给|交代|托给|写墙|写在|压在|搁|放在|留)|(?:羊|鸡|狗|猫|牛|鸽子|地|镯子|耳环|家具|文具盒|老屋|房子)[^，。]{0,6}(?:都给|送人|送给|分给|给了?(?:闺女|儿|侄|邻居|人|俺|我|小)|托给|留给|归|寄来|卖了|拴(?:俺|我)|过户|栓我)|"
    r"都送人|送人了|受益人改|过户到|挨家还账|(?:账|钱)(?:都|全)(?:还了|还清)|全还了|一口气全还|相册都?烧|(?:都|东西都)(?:交代|安排|收拾|归置)(?:好|完|利索)|穿[^，。]{0,4}寿衣|寿衣[^，。]{0,6}(?:穿|交代|试)|信[^，。]{0,3}压(?:在)?枕"
)


@dataclass(frozen=True, slots=True)
class Danger:
    """What the rules say: `crisis` certain, `worry` without a sign, `told` as story or joke, `taken_back`."""

    crisis: bool = False
    hint: bool = False  # words that may mean it; the model's share of crisis decides at a lower bar
    faint: bool = False  # words that stand in many harmless messages too; a bar in between
    told: bool = False
    taken_back: bool = False
    now: bool = False
    by_officer: bool = False
    why: tuple[str, ...] = ()


def danger(concepts: Concepts) -> Danger:
    """The danger told in a message."""
    text = concepts.text
    told = _TOLD.search(text) is not None and re.search(r"快来|救命|现在|正在", text) is None
    laughed = _LAUGH.search(text) is not None
    taken_back = _TAKEN_BACK.search(text) is not None
    words = [hit for hit in concepts.of("suicide", "violence") if not _in_manner(text, hit.start, hit.end)]
    death = [text[hit.start : hit.end] for hit in words if hit.concept == "suicide" and not hit.negated]
    blows = [text[hit.start : hit.end] for hit in words if hit.concept == "violence" and not hit.negated]
    why: list[str] = []
    if death and not _CALM_VIEW.search(text):
        why += death
    parting = _END.search(text)
    gives = _GIVES.search(text)
    if gives and parting:
        why += [gives[0]] + ([parting[0]] if parting else [])
    child = _CHILD.search(text)
    if child and (hurt := _HURT_CHILD.search(text)) and not _GENERAL.search(text):
        why.append(hurt[0])
    if asked := _CHILD_ASKS.search(text):
        why.append(asked[0])
    if blows and re.search(r"又|还在|这会|现在|正|躲|快来|快$|救|反锁|刚|今门|今天|今晚|没撒手|马上|天了", text):
        why += blows
    lost = concepts.words("missing")
    if lost and child and not re.search(r"找(?:到|着)了|户口|证|卡|本", text):
        why += lost
    crisis = bool(why) and not (told or laughed or taken_back or (_GENERAL.search(text) and not death))
    hint = bool(death or blows or lost or gives or parting or asked)
    faint = concepts.has("abuse", "despair", "child_fear")
    now = _going_on(concepts) and not (told or laughed or taken_back)
    officer = bool(blows) and concepts.has("officer") and not concepts.has("planned")
    return Danger(
        crisis=crisis,
        hint=hint,
        faint=faint,
        told=told or laughed,
        taken_back=taken_back,
        now=now,
        by_officer=officer and (crisis or now),
        why=tuple(dict.fromkeys(why)),
    )


def _in_manner(text: str, start: int, end: int) -> bool:
    """Whether the word at [start, end) is part of a manner of speaking."""
    return any(found.start() < end and start < found.end() for found in _MANNER.finditer(text))


_FIRE = re.compile(
    r"(?:着|起|失)(?:了)?(?:大)?火(?:了|啦|！|!|，|,|。|$|往)|(?:屋|棚|垛|厂|灶|场)[^，。]{0,2}着了|火(?:势|苗)|^火[！!]|烧起来|着起来|燎着|窜火|浓烟|爆炸|冒烟.{0,6}(?:快|救)|正救着|着大火|着了大火"
)
_GAS = re.compile(
    r"(?:煤气|煤烟|一氧化碳).{0,3}中毒|(?:煤气|燃气|天然气|液化气)[^，。]{0,6}(?:泄漏|漏|味|滋滋)|漏气|熏着了|熏倒|臭鸡蛋味|(?:煤气灶|煤气罐)[^。]{0,16}(?:味|头晕|滋滋|不严)"
)
_FALL = re.compile(
    r"(?:房|屋|墙|棚|楼|窑|井|山|坡|桥|路)[^，。]{0,4}(?:塌|倒)[^。]{0,14}(?:压|埋|砸着|困|底下|里头|悬|半截)|(?:压|埋|困)(?:在|着|住)[^，。]{0,4}(?:底下|里头|里面|人)|塌方|滑坡|正在?塌|往下塌|压底下"
)
_FLOOD = re.compile(
    r"(?:水|洪)[^，。]{0,4}(?:进屋|进家|漫进|淹到|淹上|没过|涨上来|及膝)|进水及膝|决口|决堤|困(?:在|住)[^，。]{0,6}(?:水|屋顶|房顶|河|桥墩)|堵在[^，。]{0,4}(?:桥墩|水|屋顶)|(?:掉|滑|落|栽)(?:进|到|水|河|井|塘|冰)[^，。]{0,4}(?:里了|窟窿|里$)|溺水"
)
_LIVE = re.compile(
    r"(?:漏电|触电|电着|带电)[^。]{0,8}(?:人|孩子|快|危险|别)|(?:电线|高压线|线)[^，。]{0,8}(?:掉|断|垂|耷拉)[^。]{0,14}(?:火花|带电|冒火|滋滋|麻|不敢)|冒火(?:花|星)|打火花|变压器炸"
)
_OVER = re.compile(
    r"灭了|扑灭|已经?救|救出来|七小时救|去年|前年|上个?月|前几天|那年|上回|上次|前阵|上周|当年|烧光了|烧没|烧毁|给烧了|昨天|昨夜|昨晚|夜来|前天|大前天|赔|理赔|保险|演练|演习|预防|怕|担心|万一|如果|要是|小心|冲走|没进项|开会|捞上来"
)


def _going_on(concepts: Concepts) -> bool:
    """Whether a fire, collapse, gas, flood or live wire is told as going on now."""
    text = concepts.text
    found = any(pattern.search(text) for pattern in (_FIRE, _GAS, _FALL, _FLOOD, _LIVE))
    return found and (not _OVER.search(text) or bool(re.search(r"快来|救命|快救|119", text)))
