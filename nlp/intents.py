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

Chances = dict[Intent, float]

_CERTAIN = 0.95
ASK_BELOW = 0.45  # a best guess less sure than this is asked about
_OFFERED = 0.07  # what is less likely is not offered

# A withdrawal, a command, the menu, a greeting: nothing else stands in the message.
_CANCEL = re.compile(r"(?:取消|撤回|撤销|不报了|算了不报了|重来|作废)[吧了哈。！!~]*")
_PRESS = re.compile(
    r"(?:接单|退单|转办|记进展|办结|撤销|改派|定范围|签收|派单|我的|今日|今天|看下?|查下?|列下?)?"
    r"(?:接单|退单|转办|记进展|办结|撤销|改派|定范围|签收|派单|待办(?:事项)?|超时(?:的|清单)?|超期(?:的|清单)?|逾期的?|积压的?|日报|红牌|黄牌)[。！!~？?]*"
)
_MENU = re.compile(
    r"(?:帮助|菜单|help|怎么用|咋用|说明|使用说明|人工|转人工|人工客服|\?|？)[。！!？?~]*", re.IGNORECASE
)
_GREETING = re.compile(
    r"(?:你好|您好|恁好|在吗|在不|早上好|晚上好|下午好|中午好|嗯+|哦+|好的?|知道了|收到|ok|行|中)[啊呀哈了。！!？?~]*",
    re.IGNORECASE,
)
_PASS_ON = re.compile(
    r"^(?:请|麻烦)?(?:把|将).{2,40}(?:转给|转到|转交|派给|交给|改派|移交)|"
    r"^(?:这|那)(?:个|件|单|条|户).{0,16}(?:转给|转|派给|归)[^，。]{2,8}(?:局|办|所|联|站|中心|公司|吧)"
)
# Messages about a danger told before: where the model is sure of one of these, the words of danger do not overrule it.
_AFTERWARDS = (Intent.SUPPLEMENT, Intent.WITHDRAW, Intent.PROGRESS, Intent.POLICY, Intent.HELP, Intent.THANKS)

# Which intents can stand beside which, and how sure the model must be of them (chosen on unseen voices).
_BESIDE: Mapping[Intent, Mapping[Intent, float]] = {
    Intent.VISIT: {Intent.HARDSHIP: 0.5, Intent.COMPLAINT: 0.5},
    Intent.HARDSHIP: {Intent.COMPLAINT: 0.5, Intent.CRISIS: 0.3, Intent.THANKS: 0.5},
    Intent.COMPLAINT: {Intent.HARDSHIP: 0.6, Intent.THANKS: 0.5, Intent.PROGRESS: 0.5},
    Intent.SUPPLEMENT: {Intent.HARDSHIP: 0.6, Intent.CRISIS: 0.5},
    Intent.WITHDRAW: {Intent.CRISIS: 0.4, Intent.COMPLAINT: 0.5},
}


def settle(model: Chances, concepts: Concepts, risk: Danger, context: Context) -> Chances:
    """Intent → probability, summing to 1, the rules applied to what the model says."""
    certain = _by_rule(model, concepts.text.strip(), risk, context)
    chances = dict(model)
    if certain is not None:
        chances[certain] = 0.0
        rest = sum(chances.values()) or 1.0
        share = max(model[certain], _CERTAIN)
        chances = {intent: (1 - share) * chance / rest for intent, chance in chances.items()}
        chances[certain] = share
        return chances
    if risk.told or risk.taken_back:
        if risk.told:
            chances[Intent.CRISIS] *= 0.1
    elif risk.hint and model[Intent.CRISIS] > 0.25:
        chances[Intent.CRISIS] = max(chances.values()) + 0.01
    total = sum(chances.values())
    return {intent: chance / total for intent, chance in chances.items()}


def _by_rule(model: Chances, text: str, risk: Danger, context: Context) -> Intent | None:
    """The intent that a rule is certain of, if any."""
    officer = context.role != "resident"
    if _CANCEL.fullmatch(text) and not (officer and text.startswith("撤销")):
        return Intent.WITHDRAW
    if officer and (_PRESS.fullmatch(text) or _PASS_ON.search(text)):
        return Intent.MANAGE
    if _MENU.fullmatch(text):
        return Intent.HELP
    if _GREETING.fullmatch(text):
        return Intent.CHITCHAT
    if any(model[intent] > 0.6 for intent in _AFTERWARDS) and model[Intent.CRISIS] < 0.2:
        return None
    if risk.crisis:
        return Intent.CRISIS
    return Intent.HARDSHIP if risk.now and model[Intent.CRISIS] < 0.4 else None


def beside(intent: Intent, there: Mapping[Intent, float], risk: Danger, concepts: Concepts) -> tuple[Intent, ...]:
    """The intents beside the primary one, the likeliest first. `there`: how likely each is in the message at all."""
    found = {other: there[other] for other, least in _BESIDE.get(intent, {}).items() if there[other] > least}
    if intent is Intent.WITHDRAW and risk.taken_back and concepts.has("suicide", "violence", "missing"):
        found[Intent.CRISIS] = 1.0
    if intent is Intent.CRISIS and risk.by_officer:
        found[Intent.COMPLAINT] = 1.0
    return tuple(sorted(found, key=lambda other: -found[other]))


def offer(ranked: list[Intent], chances: Chances) -> tuple[Intent, ...] | None:
    """The two or three intents to ask about, or None where the best is sure enough."""
    if chances[ranked[0]] >= ASK_BELOW:
        return None
    likely = tuple(intent for intent in ranked[:3] if chances[intent] > _OFFERED)
    return likely if len(likely) > 1 else tuple(ranked[:2])
