"""Names of invented people and firms, and the other spellings of one name."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from graphinv.worlds.draws import Ints, chance, either, joined, take, weighted, words, zipf

# Frequent names of several origins: weight, given names, family names. Frequent ones repeat on purpose.
_ORIGINS = (
    (
        30,
        (
            "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan"
            " Joseph Jessica Thomas Sarah Daniel Karen Matthew Lisa Anthony Nancy Mark Ashley Steven Emily Paul"
            " Michelle"
        ),
        (
            "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Moore Martin Thompson White Harris"
            " Clark Lewis Walker Hall Allen Young King Wright Hill Green Adams Baker Carter Turner Parker"
        ),
    ),
    (
        20,
        (
            "Maria José Juan Carlos Luis Ana Carmen Jorge Miguel Rosa Francisco Sofía Pedro Lucía Ramón Elena Andrés"
            " Isabel Héctor Gabriela Raúl Daniela Óscar Paola Iván Adriana"
        ),
        (
            "Garcia Rodriguez Martinez Hernandez Lopez Gonzalez Perez Sanchez Ramirez Torres Flores Rivera Gomez Diaz"
            " Reyes Morales Ortiz Gutierrez Chavez Ruiz Muñoz Núñez Peña Ibáñez"
        ),
    ),
    (
        20,
        (
            "Wei Li Jing Min Yan Fang Lei Jun Yang Yong Qiang Jie Tao Ming Chao Xia Ping Gang Hui Xin Bo Na Hao Yu Ting"
            " Xiaoming Jianguo Meiling Zhiqiang Lihua"
        ),
        "Zhang Wang Li Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Song Tang",
    ),
    (
        8,
        "Minh Anh Huong Tuan Lan Hung Mai Duc Thu Nam Linh Quang Hoa Dung Phuong Khanh",
        "Nguyen Tran Le Pham Hoang Phan Vu Dang Bui Do Ho Ngo Duong",
    ),
    (
        6,
        "Minjun Seoyeon Jiho Jiwoo Hyun Eunji Sungho Yuna Taeyang Sora Donghyun Minji",
        "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Shin",
    ),
    (
        8,
        "Rahul Priya Amit Neha Sanjay Anita Vijay Sunita Rajesh Pooja Arjun Kavita Imran Fatima Bilal Ayesha",
        "Patel Singh Kumar Sharma Gupta Shah Khan Ahmed Reddy Mehta Das Rao Ali Hussain Malik",
    ),
    (
        5,
        "Mohamed Omar Layla Yusuf Hana Karim Samira Tariq Nadia Hassan Rania Ibrahim",
        "Hassan Mahmoud Saleh Nasser Haddad Khoury Farah Aziz Mansour Rahman",
    ),
    (
        3,
        "Olena Ivan Natalia Andriy Piotr Agnieszka Dmitri Irina Tomasz Svetlana",
        "Kowalski Petrenko Ivanov Novak Shevchenko Nowak Popescu Horvat Kovacs Bondar",
    ),
)
_SYLLABLES = words(
    "ba bel bri cal cor da del dor el fa fen gal gro ha hol in jo ka kel ko la len lor lu ma mer mi mon na nel no"
    " ol or pa pel per po qua ra rel ro sa sel sil so ta tel tor tri tu va vel vi vo wen wil xa yan yo za zen zo"
)
_TRADE_WORDS = words(
    "Trading Imports Goods Supply Commerce Direct Global Retail Wholesale Products Outlet Home Apparel Electronics"
    " Accessories Gifts Logistics Ventures Enterprises Market International Brands Group Style Sourcing Depot"
)
_FORMS = words("LLC LLC LLC LLC Inc Inc Inc Corp Co Ltd")
_FACTORY_WORDS = words(
    "Trading Garment Electronics Leather_Goods Industrial Technology Import_&_Export Plastic_Products E-Commerce"
    " Watch_&_Clock Textile Hardware Gifts Footwear International_Trade Supply_Chain"
)
_FACTORY_FORMS = words("Co.,_Ltd. Co.,_Ltd. Co.,_Limited Ltd. Limited Factory")


@dataclass(frozen=True)
class People:
    """Given and family names by row; a family shares the family name."""

    given: Ints
    family: Ints

    def full(self) -> pl.Series:
        """``Given Family``."""
        return joined(take(_GIVEN, self.given), " ", take(_FAMILY, self.family))

    def handle(self) -> pl.Series:
        """``given.family`` in plain letters, for an email's local part."""
        return plain(joined(take(_GIVEN, self.given), ".", take(_FAMILY, self.family)))


_GIVEN = pl.Series([name for _, given, _ in _ORIGINS for name in given.split()])
_FAMILY = pl.Series([name for _, _, family in _ORIGINS for name in family.split()])


def draw_people(rng: np.random.Generator, n: int) -> People:
    """``n`` people; given and family name come from one origin, frequent names first."""
    origin = weighted(rng, [weight for weight, _, _ in _ORIGINS], n)
    given, family = np.zeros(n, np.int64), np.zeros(n, np.int64)
    given_from, family_from = 0, 0
    for i, (_, givens, families) in enumerate(_ORIGINS):
        mine = np.flatnonzero(origin == i)
        counts = len(givens.split()), len(families.split())
        given[mine] = given_from + weighted(rng, zipf(counts[0], 0.7), len(mine))
        family[mine] = family_from + weighted(rng, zipf(counts[1], 0.7), len(mine))
        given_from, family_from = given_from + counts[0], family_from + counts[1]
    return People(given, family)


def plain(text: pl.Series) -> pl.Series:
    """Lower case without accents or spaces, fit for a web address."""
    accents = {"á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ñ": "n"}
    bare = text.str.to_lowercase().str.replace_many(list(accents), list(accents.values()))
    return bare.str.replace_all(r"[^a-z0-9.]", "")


def _brand(rng: np.random.Generator, n: int) -> pl.Series:
    syllables = [take(_SYLLABLES, rng.integers(0, len(_SYLLABLES), n)) for _ in range(3)]
    third = either(chance(rng, 0.6, n), syllables[2], pl.Series([""]).new_from_index(0, n))
    return joined(syllables[0], syllables[1], third).str.to_titlecase()


def firm_names(rng: np.random.Generator, people: People) -> pl.Series:
    """A US firm's name for each owner: mostly a coined word with a trade word, sometimes the owner's family name."""
    n = len(people.given)
    trade = take(_TRADE_WORDS, rng.integers(0, len(_TRADE_WORDS), n))
    form = take(_FORMS, rng.integers(0, len(_FORMS), n))
    first = either(chance(rng, 0.12, n), take(_FAMILY, people.family), _brand(rng, n))
    middle = either(chance(rng, 0.25, n), joined(" ", _brand(rng, n)), pl.Series([""]).new_from_index(0, n))
    end = either(chance(rng, 0.85, n), joined(" ", form), pl.Series([""]).new_from_index(0, n))
    return joined(first, middle, " ", trade, end)


def factory_names(rng: np.random.Generator, cities: pl.Series) -> pl.Series:
    """A supplier's name: often its city first, as in ``Shenzhen Belcorta Watch & Clock Co., Ltd.``"""
    n = len(cities)
    city = either(chance(rng, 0.55, n), joined(cities, " "), pl.Series([""]).new_from_index(0, n))
    trade = take(_FACTORY_WORDS, rng.integers(0, len(_FACTORY_WORDS), n))
    form = take(_FACTORY_FORMS, rng.integers(0, len(_FACTORY_FORMS), n))
    return joined(city, _brand(rng, n), " ", trade, " ", form)


def shop_names(rng: np.random.Generator, n: int) -> pl.Series:
    """Display names of marketplace accounts."""
    tail = words("_Store _Official _Shop _Mall _Direct 888 _US -us _Outlet _Boutique")
    return joined(_brand(rng, n), take(tail, rng.integers(0, len(tail), n)))


def respelled(rng: np.random.Generator, names: pl.Series) -> pl.Series:
    """Another spelling of each name: words swapped, shortened, or one letter gone. Never the same text."""
    n = len(names)
    which = rng.integers(0, 3, n)
    swapped = names.str.replace(r"^(\S+) (\S+)", "${2} ${1}")
    short = names.str.replace_many(
        [
            "Trading",
            "International",
            "Enterprises",
            "Electronics",
            "Accessories",
            " LLC",
            " Inc",
            "Products",
            "Imports",
        ],
        ["Trdg", "Intl", "Ent", "Elec", "Acc", "", " Incorporated", "Prod", "Import"],
    )
    clipped = names.str.replace(r"^(\S{2})\S", "${1}")
    first = either(which == 0, swapped, either(which == 1, short, clipped))
    return either((first == names).to_numpy(), clipped, first)
