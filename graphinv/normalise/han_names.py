# ruff: noqa: SIM905  (lists of words read better as text)
"""Names in Chinese characters, spelled in Latin letters word by word.

Transliteration knows no words: 上海隆宝兴贸易 would be one word of seven syllables, where its owner writes "Shanghai
Longbaoxing Trading". So places and business words are set apart and translated, and a person's surname stands for
itself. The pronunciation is Mandarin, also for the names of Hong Kong and Japan: theirs stay apart from their usual
Latin spellings.
"""

import re

from anyascii import anyascii

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_PERSON = re.compile(f"^[{_HAN}]{{2,4}}$")
#: Surnames of two characters; any other surname is the first character.
_LONG_SURNAMES = frozenset(
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 夏侯 东方 東方 皇甫 尉迟 公孙 公孫 慕容 令狐 司徒".split()
)

#: Business words and what they are called in English company names.
_BUSINESS = {
    "进出口": "import export", "進出口": "import export", "贸易": "trading", "貿易": "trading", "商贸": "trading",
    "国际": "international", "國際": "international", "电子商务": "ecommerce", "電子商務": "ecommerce",
    "电子": "electronics", "電子": "electronics", "科技": "technology", "技术": "technology", "实业": "industrial",
    "實業": "industrial", "工贸": "industry trading", "工业": "industry", "物流": "logistics", "货运": "freight",
    "供应链管理": "supply chain management", "供应链": "supply chain", "集团": "group", "集團": "group",
    "服装": "garment", "服饰": "apparel", "纺织": "textile", "玩具": "toys", "家具": "furniture", "五金": "hardware",
    "塑料": "plastic", "塑胶": "plastic", "皮具": "leather", "鞋业": "shoes", "化工": "chemical", "医疗": "medical",
    "设备": "equipment", "机械": "machinery", "光电": "optoelectronics", "网络": "network", "制造": "manufacturing",
    "日用品": "daily necessities", "工艺品": "crafts", "礼品": "gifts", "饰品": "accessories", "珠宝": "jewelry",
    "包装": "packaging", "印刷": "printing", "食品": "food", "汽车": "auto", "配件": "parts", "照明": "lighting",
    "家居": "home", "用品": "supplies", "体育": "sports", "户外": "outdoor", "投资": "investment", "控股": "holdings",
    "工厂": "factory", "企业": "enterprise",
}  # fmt: skip
_CITIES = (
    "北京 上海 天津 重庆 广州 深圳 东莞 佛山 中山 珠海 惠州 汕头 江门 义乌 宁波 杭州 温州 金华 绍兴 台州 嘉兴 湖州 "
    "苏州 无锡 常州 南京 南通 扬州 徐州 厦门 泉州 福州 莆田 漳州 青岛 济南 烟台 潍坊 临沂 郑州 武汉 长沙 南昌 合肥 "
    "成都 西安 昆明 南宁 贵阳 沈阳 大连 长春 哈尔滨 石家庄 保定 太原 香港 澳门 台北 广东 浙江 江苏 福建 山东 河南 湖北"
).split()
_WORD = re.compile("|".join(sorted((*_BUSINESS, *(f"{city}[市省]?" for city in _CITIES)), key=len, reverse=True)))
#: Cities whose usual spelling is not their Mandarin one.
_ENGLISH = {"香港": "hong kong", "澳门": "macau", "台北": "taipei"}


def spell_han(text: str, person: bool) -> str:
    """``text`` with its Chinese characters in Latin letters, as words.

    ``person`` tells that two to four characters on their own may be a surname and a given name.
    """
    if person and _PERSON.match(text) and not _WORD.search(text):
        surname = 2 if text[:2] in _LONG_SURNAMES and len(text) > 2 else 1
        if len(text) - surname <= 2:
            return f"{anyascii(text[:surname])} {anyascii(text[surname:])}"
    return _HAN_RUN.sub(lambda run: " " + _WORD.sub(_spelled, run[0]) + " ", text)


def _spelled(match: re.Match[str]) -> str:
    word = match[0]
    city = word.rstrip("市省")
    return f" {_BUSINESS.get(word) or _ENGLISH.get(city) or anyascii(city)} "
