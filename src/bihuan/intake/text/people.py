"""Names of people with the posts that a text gives them."""

import re
from dataclasses import dataclass, field

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安"
    "常乐于时傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊"
    "胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲"
    "伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀浦尚农"
    "温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧沃利蔚越夔隆师巩聂晁勾敖融冷辛阚那简饶空曾毋沙养鞠须丰巢关蒯相查后荆红游竺权"
    "盖益桓公肖闫付代覃涂"
)
_COMPOUND = "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|东方|西门|南宫|司徒|端木|独孤"
TITLE = (
    r"(?:书记|市长|县长|区长|州长|省长|镇长|乡长|旗长|盟长|主席|主任|局长|厅长|处长|科长|所长|"
    r"站长|院长|校长|检察长|部长|秘书长|行长|董事长"
    r"|总经理|经理|组长|支队长|总队长|大队长|队长|政委|常委|委员|专员|负责人|会长|理事长|总工程师|调研员|指挥长|同志)"
)
NAME = rf"(?:(?:{_COMPOUND})[\u3400-\u9fff]{{1,2}}|[{_SURNAMES}][\u3400-\u9fff]{{1,2}}?)"
_AFTER = (
    r"(?=[，。、；：,;:（(\s]|$|到|在|主持|出席|调研|强调|指出|要求|表示|介绍|说|参加|率|带队|"
    r"带领|走|看望|会见|听取|作|讲话|宣布|提出|还|又|一行|深入"
    r"|前往|先后|对|就|等|为|向|与|和|赴|来到|部署|传达|检查|督导|陪同|代表|致辞|一一|分别|详细|实地|认真|批示|签署)"
)
_POSTED = re.compile(
    r"(?:(?<=[，。；：、,;:“\s])|"
    rf"^)(?P<post>[^，。；：,;:“”\s]{{0,28}}?{TITLE}(?:[（(][^）)]{{1,12}}[）)])?)\s?(?P<name>{NAME}){_AFTER}"
)
_SPEAKS = re.compile(rf"(?:^|[，。；：])(?P<name>{NAME})(?:还|又|也|并|进一步)?(?:强调|指出|要求|表示)[，：:,]")
_ONLY_NAME = re.compile(rf"{NAME}")
_PREFIX = re.compile(
    r"^(?:(?:[\d年月日号\-至到]+|近日|日前|昨日|昨天|当天|当日|今天|上午|下午|晚上?|随后|会上|"
    r"期间|其间|会前|会后|最后|据悉|由|经|和|与|及|以及|同时|此前|记者从?|我))+"
)


@dataclass
class People:
    """The people of one article: name → (place, post) of every mention with a post, in order of their places."""

    posts: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, headline: str, paragraphs: list[str]) -> "People":
        """Gather the people that a headline and the paragraphs below it name with a post, or as speaking."""
        people = cls()
        place = 0
        for text in (headline, *paragraphs):
            for found in _POSTED.finditer(text):
                post = _PREFIX.sub("", found["post"])
                if post and post != "同志":
                    people.posts.setdefault(found["name"], []).append((place + found.start("name"), post))
            people._names.update(found["name"] for found in _SPEAKS.finditer(text))
            place += len(text) + 1
        people._names.update(people.posts)
        return people

    def meet(self, name: str) -> None:
        """Remember somebody who was named as speaking, with or without a post."""
        self._names.add(name)

    def post(self, name: str, before: int) -> str | None:
        """Return the latest post that stands before this place."""
        told = [post for place, post in self.posts.get(name, ()) if place <= before]
        return told[-1] if told else None

    def last_in(self, text: str) -> str | None:
        """Return the known person named last in `text`."""
        places = [(text.rfind(name), name) for name in self._names if name in text]
        return max(places)[1] if places else None

    def knows(self, name: str) -> bool:
        return name in self._names


def split_person(text: str) -> tuple[str | None, str] | None:
    """Return post (None where there is none) and name, where `text` is a person; None where it is not."""
    told = _PREFIX.sub("", text.strip())
    if _ONLY_NAME.fullmatch(told):
        return None, told
    found = _POSTED.fullmatch(told)
    return (_PREFIX.sub("", found["post"]) or None, found["name"]) if found else None
