"""What simple means reach on the same messages: jieba words with naive Bayes, a linear model, keyword rules."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from evaluation.figures import accuracy, macro
from nlp.segment import Segmenter
from nlp.voices import Line

# The first that fits; what somebody would write down in an afternoon.
RULES = (
    ("crisis", "不想活|自杀|跳楼|喝药|打死|救命|家暴|失踪"),
    ("withdraw", "撤回|取消|撤销|不报了"),
    ("supplement", "补充|更正|写错|说错|打错|改成"),
    ("thanks_feedback", "谢谢|感谢|满意"),
    ("manage", "接单|办结|转办|催办|派单|积压|日报|汇总"),
    ("help", "怎么用|菜单|帮助|怎么登录|哪个电话"),
    ("progress", "办到哪|批了没|进度|什么时候能|怎么还没"),
    ("visit", "走访|入户|去了.*家"),
    ("complaint", "投诉|举报|贪|凭什么|凭啥|书记|会计|主任|没人管|坏了"),
    ("policy", "政策|标准|条件|材料|怎么申请|咋申请|能不能办"),
    ("hardship", "困难|没钱|住院|漏雨|停水|学费|欠|救助"),
)


def simple_section(train: Sequence[Line], test: Sequence[Line]) -> list[str]:
    """Accuracy and macro-F1 of each, trained where training is needed on the same voices as the reader."""
    cut = Segmenter().words
    bayes = make_pipeline(CountVectorizer(analyzer=cut), MultinomialNB(alpha=0.3))
    linear = make_pipeline(
        TfidfVectorizer(analyzer=lambda text: [*cut(text), *_characters(text)], sublinear_tf=True, min_df=2),
        LinearSVC(C=0.3, class_weight="balanced"),
    )
    texts, labels = [line["text"] for line in train], [line["intent"] for line in train]
    asked, right = [line["text"] for line in test], [line["intent"] for line in test]
    rows = [("keyword rules", [_by_rules(text) for text in asked])]
    for name, model in (("jieba words, naive Bayes", bayes), ("jieba words and characters, linear SVM", linear)):
        rows.append((name, [str(label) for label in model.fit(texts, labels).predict(asked)]))
    lines = ["| reference | accuracy | macro-F1 |", "|---|---|---|"]
    for name, guesses in rows:
        pairs = list(zip(right, guesses, strict=True))
        lines.append(f"| {name} | {accuracy(pairs):.3f} | {macro(pairs):.3f} |")
    return lines


def _by_rules(text: str) -> str:
    return next((intent for intent, pattern in RULES if re.search(pattern, text)), "chitchat")


def _characters(text: str) -> list[str]:
    return [text[at : at + size] for size in (1, 2, 3) for at in range(len(text) - size + 1)]
