"""Who may be the one that is blamed (可能被反映的对象): titles, offices, 管水的; kin, neighbours, firms.

Each way to name somebody is one pattern with a weight; what stands around it moves the weight (who acts, who is only
told, who is 不是 the one). nlp/accused.py takes the one with the most. A new way is one word in a list here and one row
of the table of tests (告 and 私 in tests/nlp/tables/names.tsv).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.lexicon import Concepts

TITLE = re.compile(
    r"(?:镇上?|乡|管区|区里?|县里?|市里?|纪委监委的?|纪委的?|监委的?|纪检组?的?|巡察组?的?|(?<![\u4e00-\u9fff])村|(?<=[是的被叫让向给跟找问由和与、到对咱俺我])村|现任|前任|原|副|老|大队|生产|支部|驻村|包村|"
    r"帮扶|治保|妇女|民兵|第一|扶贫|包保){0,3}"
    r"(?:[书输][记鸡机计纪]|支[书输]|主任|会[计记纪]|快计|出纳|文[书输]|[网望]格[员圆]|网格长|村涨|片张|保馆员?|帮扶(?:责任)?人|帮辅人|帮扶(?:干部|队|单位)|干部|专干|"
    r"[镇区县市村队组片局所科站股院校园处]长|工作队|验收组|检查组|评议小组|连长|村医|乡医|乡村医生|委员|办事员|工作人员|管理员|领导|两委|助理|协理员|"
    r"村官|信贷员|经办人|护林员|保管员|信息员|公务员|当官的|管事的|公家人|一把手|监理|支部那几个|管区的人)"
)
PRIVATE = re.compile(
    r"[俺我她他咱]?家?的?[大小老二三四]?(?:儿子儿媳妇?|儿媳妇?|儿子|(?<=[俺我他她咱大小二三的])儿(?![女童媳])|^儿(?=把|不|拿|连)|闺女|女婿|孙子|侄(?:子|儿|女)?|叔叔?|伯父|大伯哥?|舅(?:舅|子)?|哥哥?|弟弟?|姐姐?|"
    r"妹妹?|婶子?家?|妯娌|老板|厂里|工头|包工头|公司|施工队|合作社|邻居|邻墙|对门|媳妇|男人)"
)
# 教办那个小年轻, 合管办那人, 窗口小姑娘: the person stands behind the office.
_THAT = (
    r"(?:(?:的|上)?(?:那|这)(?:个|位|伙|帮|家|几个)?(?:小年轻|年轻的|小姑娘|小伙子?|哥们|妮子|女的|男的|小子|科员|同志|人|的)?"
    r"|小姑娘|小伙子?|(?:的|派驻)?(?:干部|工作人员|人员|人)|的)?"
)
_LEVEL = r"(?:(?:[俺我咱贵该]们?)?(?:镇|乡|区|县|市|街道|村(?!村))(?:里|上|直)?(?:某|的)?)?"
_OFFICE = re.compile(
    rf"{_LEVEL}(?:民政|医保|社保|人社|环保|财政|税务|公安|卫健|教办|教育|水利|住建|房建|城建|国土|残联|妇联|信访|司法|劳监|劳动监察|农业|农办"
    r"|扶贫|供电|电管|信用社|合管办|组织|社事|退役军人|工伤|医保|户籍|资助|征兵|水产|湖管|河道|水库|残连|民正|自然资源|林业|畜牧|老龄|驻村|招工|金融|信用|商务|电商)"
    rf"(?:局|所|办|科|站|股|中心|服务站|服务中心|部门?|口|经办|大厅|窗口|屋)?(?:户籍室|窗口)?{_THAT}"
    rf"|{_LEVEL}(?:派出所(?:户籍室)?|卫生院(?:夜诊)?|服务站|便民大厅|资助中心|信息中心|留守处|教务处|评议会|贷审组|急救站|护林站|妇保站|电管站|水管站|村?支部|村两委|大队部"
    rf"|[镇区县乡村市][上里](?=的人)|窗口(?=小|那)|办公室|村委会?|管区|[上]?某局|某镇|某科|该局){_THAT}"
)
_PERSON = re.compile(
    rf"(?:{_LEVEL}|前任|现任|分管[一-鿿]{{2}}的副)?(?:验收|定损|报账|治安|统计|收费|登记|调查|受理|发放|包联|包片|经办|核查|审核|评议|保管|管账|放水|看库|司炉|征管|巡河|宣传|质检|仓管|采购|联络|监督|管护|资料)(?:人员?|员)"
    rf"|{_LEVEL}(?:治保|保管|宿管|校长|班主任|班长|社长|老师|后勤|大夫|片长|厂长|理事长|护工|护理员|专班|中心校|工作组|分管同志|主管|包联人|第一书记|报账员|村治保|食堂承包人|食堂阿姨|家庭医生|监委|校医)"
    rf"|(?:那|这|某|哪)(?:个|位|伙|几个?)?(?:科员|同志|负责人|领导|叔叔|经办|管事的|办事的|人|女的|男的|小子|lady|谁)(?![口])"
    rf"|(?:负责|帮扶|管事|领头|经手|代取|代收)(?:的?那(?:位|人|个)|的)"
)
# 报销员, 协保员, 代办员, 护士, 总务: whoever is called by the work.
_WORKER = re.compile(
    r"(?:镇上?|县里?|区里?|村里?)?(?:报销|鉴定|收件|收款|代办|理赔|协保|水管|技术|经办|护理|配送|药品配送|农商行信贷|接线|值班|营业|安全|财务|培训|宣讲|监测|查勘|采样)(?:人员|员|医生)"
    r"|(?:证评|门诊|主治|值班|接诊)医生|包片护士|护士长?|总务|群主|领队|承办人|经手人|代办人|协警|辅警|副?院长|副?矿长|副?站长|教导主任|人大主席|[一-鿿]?快记"
)
# 县医院, 结算中心, 评议会, 督查组: bodies beside those of _OFFICE.
_BODY = re.compile(
    r"(?:县|区|镇|市|村)?(?:[上里]的?)?(?:医院|卫生院|卫生室|结算中心|便民(?:点|中心)|评议会|评审会|殡仪馆|敬老院|劳[动保]所|物业所|社工站|教委|院办|血透室|收费处|[一-鿿]{2}科(?!学|技|目|室)"
    r"|(?:督查|专家|数据|评议|核查|考核|工作|检查)组|(?:扶贫|就业|振兴|规划|社保|医保|政务)(?:办|大厅)|民宗科|农商行|学校|中心校|合作社|矿上|街道办?)(?!的?(?:孩子|学生|同学|老师|门口|门前|路|旁))"
)
_UP_THERE = re.compile(r"(?:镇|村|县|区|矿|厂)[上里](?=[说讲让叫扣收要压拖推不光念劝把]|[三一]天|给[俺我])")
# 管水的, 收费的, 盖章的: the verb of the work and 的, where somebody acts.
_DOES = re.compile(
    r"(?:分管|主管|管|发|收|盖|验|填|办|修|量|查|记|包|帮扶|代收|代取|经手|经办|跑|接待|检查|拉|送|写|登记|评|报|开票|看|卖|养|配|领|指挥|保险|教育|水利|民政|来|开发|冒充|穿)"
    r"[^，。,；;！!？?\s的了着过不没把被让给]{0,4}的(?:那(?:个|位|伙|帮|几个)?人?|那?(?:同志|小子|人)(?![一-鿿]?口))?"
    r"(?=[一眼心自胡称说每令每吃晚签不没也都就还把让叫说给拿先翻吼骂要收真一只光净又连从回下硬愣非冲嘴脸睁当在跟嫌推念开，,。:：」”扛占压抽敲]|硬|$)"
)
_ABOVE = re.compile(
    r"(?<![一-鿿])(?:上头|上面|上边)(?:那(?:位|人|个))?(?=[^，。]{0,6}(?:不|没|光|说|拨|压|让|发|来|推|要)|，|,)|她?他?上头那个人"
)
# 纪委 as the one who did it, not as the one to whom it is told (找纪委, 告到纪委, 给纪委打电话).
_DISCIPLINE = re.compile(
    r"(?<![找给上向去到报跟和])(?:[区县市省镇]里?的?)?(?:纪委监委|纪委|监委|纪检组?|巡察组)(?:的人|那边|办案(?:的|人员)|里?有人)?"
    r"(?=[^，。]{0,12}(?:收|拿|要|压|包庇|护|不查|不管|不办|通风|吃|管不|的回函|的信箱))"
)
_WHO = re.compile(r"(?:管收的那个|管[^，。]{1,3}的(?:那个|人)|[^，。]{0,2}窗口(?:那女的|那男的)?|那个?窗口)")
_BODIES = ("body_town", "body_county", "body_city", "body_service", "body_village")
_BEFORE = re.compile(r"(?:镇上|镇里|镇|乡|管区|区里|区直某?|区|县里|县|市里|市|咱村|俺村|俺庄|我村|大队)$")
_PRIVATES = re.compile(
    r"(?:[俺我她他咱恁孩]们?(?:家|那|那个)?的?)?[大小老二三四五亲前后表堂干]?(?:儿子儿媳妇?|儿媳妇?|儿子|闺女|女婿|孙子|侄(?:子|儿|女)?|弟媳|姐夫|妹夫|姑父|姨父|姑姑|舅舅|舅子|小叔子?|大伯哥"
    r"|大伯|伯父|叔叔|叔|哥|弟弟|弟|姐姐|姐|妹妹|婶子|妯娌|连襟|公公|婆婆|岳父|丈人|兄长|小姑|小子|爹|娘(?!家)|爸爸?|妈妈?|媳妇|男人|男朋友|女友|夫|妻)(?!妇|家里|女|童|哥们|[子们儿]|叔|被|没了|住|病|摔)"
    r"|(?:房东|开发商|施工单位|劳务公司|承办单位|中间人|医院护工|经办保险的|化工作坊|饵料厂|供货商|中介|平台|培训机构|老板娘|老板|包工头|工头|厂里|厂子|厂长|公司|保安公司|护工公司|施工队|工程队|物业|合作社|车队|货主|司机|校车司机|会首|摄影店|配货站的"
    r"|保险业务员|保险员|邻居|近邻|对门|隔壁(?:那个)?(?:[^，。]{0,4}的)?|前邻老.|邻墙|债主|放贷的|骗子|那小子|大哥|长子|次子|[两俩仨]儿|养[鸡猪鱼羊]的|卖[^，。]{1,4}的|国企)"
)
# 修冰柜的, 卖保险那个, 物业经理, 大舅哥, 犬子: others who are no officers.
_MORE_PRIVATE = re.compile(
    r"(?:[俺我她他咱恁]们?家?的?)?(?:[大小二三四]?(?:舅哥|姨妈?|舅妈?|伯|叔|姑妈?|妗子)|她姥姥|他姥姥|姐夫|妹夫|犬子|孽子|逆子|老大|老二|老三|[大小二三]儿|[东西南北前后]邻|大闺女|二闺女)(?=[^，。,]{0,2}(?:把|拿|不|占|扣|领|打|骂|骗|收|偷|藏|拱|攥|揣|欠|赖))"
    r"|(?:物业|副|大堂)?经理|带班的|商家|媒人|工厂|窑厂|砖厂|板厂|理事长|护理员|(?:包|跑)?大车的|介绍人|房产中介|工地老[板扳]|技校|驾校|保险(?:伯伯|公司)|门卫|站长"
    r"|(?:^|(?<=[，。,；;！!？?：:\s“说]))(?:修|卖|收|开|跑|装|送|养|打|贩|发|干|施)[^，。,；;！!？?\s的了]{1,4}的?(?:那个|那人|那家|的)(?:姓.的?)?"
)
_OWNS_OR_SUFFERS = re.compile(r"[把给替向跟找对和骗养掐打骂走拿]$")
# What is left where nothing better stands: a firm, a body by its last letter, somebody by what they do.
_FALLBACK = re.compile(
    r"(?P<span>[^，。,；;！!？?：:\s的了着过是在到去给找把让被叫向和跟我俺你他她这那]{1,6}(?:公司|银行|学校|中心|单位|机构|合作社|加工点|车间|超市|医院|信用社|[办所站科局处厂店队部院组会室]))(?![长员里的])"
    r"|(?:^|(?<=[，。,；;！!？?：:\s“]))(?:就|可|都|回回|怕是|说是)?(?P<span2>(?:[俺我咱]村)?(?:那|这)?[^，。,；;！!？?：:\s了着过是在把让被俺我说问回关于前条事上个]{1,6}(?:的|那[位个伙家人边]|这[位伙])(?:人|同志|那?帮人|小子)?)(?=[一-鿿])"
    r"|(?P<span3>那[谁边]|头一个|那几个|后勤|急诊|邻居家?|队上|站上|镇街|师傅|组织|[男女]的)"
)
_ACTS = re.compile(
    r"^[^，。,]{0,3}?(?:把|替|将|不|拿|占|扣|领|打|骂|欠|拖|叫|撵|霸|说|收|没|卖|养|一|让|锁|压|推|要|取|存|抽|贪|吃|盖|跑|躲|赖|无故|退费)"
)
_TOLD = re.compile(r"(?:找|问|给|向|跟|告诉|求|报|同|陪|跟着|感谢|谢谢|转给|麻烦)(?:过|了|到)?$")
_SELF = re.compile(r"(?:我是|俺是|本人是|我这个|作为|我当|身为|我们)$")
_DISOWNED = re.compile(r"(?:不是|非|并非|不怪|别怪)$")
_OWNED = re.compile(r"(?:不是|非)[^，。,]{1,8}[，,\s]?(?:而)?(?:是|怪)$|[^不]是$")
_ONLY_A_PLACE = re.compile(r"家[吃里门院]|栏|屋里")
_HELPS = re.compile(r"(?:[人]?(?:挺好|不错|真好|可好)|帮俺|帮我|帮着)")


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody who may be blamed: as written, where, and how much speaks for it."""

    span: str
    start: int
    end: int
    weight: float


def public_suspects(concepts: Concepts) -> Iterator[Suspect]:
    """Those in office: by title, desk, work, or as 上头."""
    text = concepts.text
    ways = (
        (TITLE, 5.0), (_PERSON, 4.6), (_DISCIPLINE, 4.5), (_DOES, 4.3), (_OFFICE, 4.2), (_WHO, 3.8), (_ABOVE, 3.5),
        (_WORKER, 4.5), (_BODY, 3.4), (_UP_THERE, 3.0),
    )  # fmt: skip
    for pattern, weight in ways:
        for found in pattern.finditer(text):
            if found[0]:
                yield _weighed(
                    text, found.start(), found.end(), weight - 2.0 * (found[0] in ("领导", "干部", "工作人员"))
                )
    for left in _FALLBACK.finditer(text):
        acts = 1.0 if _ACTS.match(text[left.end() : left.end() + 6]) else 0.0
        yield Suspect(left[left.lastgroup or 0], *left.span(left.lastgroup or 0), 0.5 + acts)
    for hit in concepts.of(*_BODIES):
        before = _BEFORE.search(text, max(0, hit.start - 2), hit.start)
        start = before.start() if before else hit.start
        yield _weighed(text, start, hit.end, 3.0 + 0.1 * (hit.end - start))


def private_suspects(text: str) -> Iterator[Suspect]:
    """Kin, neighbours, firms."""
    for pattern, weight in ((_PRIVATES, 1.2), (_MORE_PRIVATE, 1.1), (PRIVATE, 1.0)):
        for found in pattern.finditer(text):
            acts = 2.0 if _ACTS.search(text[found.end() : found.end() + 8]) else 0.0
            acts -= 1.5 if _OWNS_OR_SUFFERS.search(text[max(0, found.start() - 1) : found.start()]) else 0.0
            acts -= 1.5 if text[found.end() : found.end() + 1] == "的" else 0.0  # 老娘的养老金: it is hers
            yield Suspect(
                found[0], found.start(), found.end(), weight + acts + 0.05 * len(found[0]) - 0.01 * found.start()
            )


def _weighed(text: str, start: int, end: int, weight: float) -> Suspect:
    """A suspect with what stands around it counted: acts or is only told, is 不是 the one, is the sender."""
    before = text[max(0, start - 12) : start]
    weight += 0.15 * (end - start)
    weight -= 2.5 if _ONLY_A_PLACE.match(text, end) else 0.0
    weight += 1.2 if _ACTS.match(text[end : end + 6]) else 0.0
    weight -= 1.2 if _TOLD.search(before) else 0.0
    weight -= 4.0 if _DISOWNED.search(before) or _SELF.search(before) else 0.0
    weight -= 2.0 if _HELPS.match(text, end) else 0.0
    weight += 1.0 if _OWNED.search(before) and not _SELF.search(before) else 0.0
    return Suspect(text[start:end], start, end, weight)
