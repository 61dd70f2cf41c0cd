"""A listing with each defect gets exactly its finding, at its field, and nothing else."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from catalog.services.listing import scoring, words
from catalog.services.listing.facts import (
    Facts,
    Finding,
    Nearest,
    Paper,
    ParameterFact,
    Picture,
    Rules,
    SlotRule,
    Word,
)
from catalog.terms.listing import CODES, PaperKind, ParameterKind, Severity, Slot, WordKind
from catalog.terms.listing_words import starter
from catalog.wording import listing as wording

TODAY = date(2026, 11, 22)
DICTIONARY = tuple(
    Word(row["word"], WordKind(row["kind"]), tuple(row["allowed_in"].split()), row["advice"])
    for row in starter()
)
SLOTS = {
    Slot.MAIN: SlotRule(1, 1920, 1080, "16:9"),
    Slot.SCENE: SlotRule(2, 800, 800),
    Slot.DETAIL: SlotRule(1),
    Slot.VIDEO: SlotRule(1),
}
RULES = Rules(words=DICTIONARY, slots=SLOTS, papers=(PaperKind.QC_REPORT,))
ORIGIN = ParameterFact(7, "产地", ParameterKind.TEXT, True, (), "山东栖霞")
STORED = ParameterFact(8, "储存方式", ParameterKind.CHOICE, True, ("常温", "冷藏"), "冷藏")
DAYS = ParameterFact(9, "保质期", ParameterKind.NUMBER, False, (), "15")
PERFECT = Facts(
    title="栖霞红富士苹果 5斤装",
    subtitle="脆甜多汁",
    description="清晨从合作果园采下，当天分拣装箱。" * 5,
    detail_pictures=2,
    pictures=(Picture(1920, 1080), Picture(1200, 1200), Picture(1200, 900)),
    video_seconds=(Decimal(20),),
    parameters=(ORIGIN, STORED, DAYS),
    papers=(Paper(PaperKind.QC_REPORT, TODAY + timedelta(days=200)),),
    today=TODAY,
    rules=RULES,
)
BODY = PERFECT.description
FIRST, *REST = PERFECT.pictures


def near(share: str, own: str) -> Nearest:
    return Nearest(3, "蔬菜", Decimal(share), Decimal(own))


def qc(days: int | None) -> tuple[Paper, ...]:
    return (Paper(PaperKind.QC_REPORT, None if days is None else TODAY + timedelta(days=days)),)


DEFECTS: list[tuple[str, str, dict[str, Any]]] = [
    ("title_long", "title", {"title": "栖霞红富士苹果新鲜水果当季整箱脆甜多汁产地直发包邮家庭装 5斤装"}),
    ("title_short", "title", {"title": "苹果 5斤"}),
    ("title_no_spec", "title", {"title": "栖霞红富士苹果脆甜"}),
    ("title_noise", "title", {"title": "苹果苹果苹果 栖霞 5斤装"}),
    ("title_noise", "title", {"title": "栖霞红富士苹果 5斤装！！"}),
    ("subtitle_missing", "subtitle", {"subtitle": " "}),
    ("description_short", "description", {"description": "很甜。"}),
    ("absolute_word", "title", {"title": "全国第一红富士苹果 5斤装"}),
    ("absolute_word", "subtitle", {"subtitle": "顶 级苹果"}),
    ("absolute_word", "description", {"description": BODY + "这是最好的苹果。"}),
    ("banned_word", "title", {"title": "野生穿山甲 5斤装现货"}),
    ("banned_word", "description", {"description": BODY + "可代开发票。"}),
    ("claim_word", "description", {"description": BODY + "常吃降血压。"}),
    ("comparison_word", "subtitle", {"subtitle": "比别家甜"}),
    ("vague_word", "subtitle", {"subtitle": "厨房神器"}),
    ("category_prohibited", "category", {"rules": replace(RULES, is_prohibited=True)}),
    ("category_not_last", "category", {"deeper_categories": ("苹果", "梨")}),
    ("category_mismatch", "category", {"nearest": near("0.8", "0")}),
    ("price_missing", "specs", {"has_price": False}),
    ("picture_missing", "pictures", {"pictures": ()}),
    ("pictures_few", "pictures", {"pictures": (FIRST,)}),
    ("picture_small", "pictures", {"pictures": (Picture(1280, 720), *REST)}),
    ("picture_small", "pictures", {"pictures": (FIRST, Picture(1200, 700), REST[0])}),
    ("picture_ratio", "pictures", {"pictures": (Picture(2000, 2000), *REST)}),
    ("picture_twin", "pictures", {"pictures": (FIRST, Picture(900, 900, is_twin=True), REST[0])}),
    ("details_few", "description", {"detail_pictures": 0}),
    ("videos_few", "videos", {"video_seconds": ()}),
    ("video_length", "videos", {"video_seconds": (Decimal("31"),)}),
    ("video_length", "videos", {"video_seconds": (Decimal("14.9"), Decimal(20))}),
    ("parameter_missing", "parameters.7", {"parameters": (replace(ORIGIN, value=" "), STORED, DAYS)}),
    ("parameter_wrong", "parameters.8", {"parameters": (ORIGIN, replace(STORED, value="地窖"), DAYS)}),
    ("parameter_wrong", "parameters.9", {"parameters": (ORIGIN, STORED, replace(DAYS, value="半个月"))}),
    ("paper_missing", "papers", {"papers": ()}),
    ("paper_expired", "papers", {"papers": qc(-1)}),
    ("paper_expiring", "papers", {"papers": qc(30)}),
]


def codes(facts: Facts) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in scoring.judge(facts).findings]


def test_a_listing_without_a_defect_gets_a_hundred_points_and_no_finding() -> None:
    verdict = scoring.judge(PERFECT)
    assert (verdict.score, verdict.findings, verdict.tone) == (100, (), "success")


@pytest.mark.parametrize(("code", "at", "defect"), DEFECTS)
def test_a_listing_with_each_defect_gets_exactly_its_finding(
    code: str, at: str, defect: dict[str, Any]
) -> None:
    verdict = scoring.judge(replace(PERFECT, **defect))
    assert [(one.code, one.field) for one in verdict.findings] == [(code, at)]
    (found,) = verdict.findings
    assert verdict.score == 100 - CODES[code].points
    assert found.severity == CODES[code].severity
    for language in ("en", "zh-hans"):
        with translation.override(language):
            words_of_it = wording.sentence(found.code, found.parameters)
        assert words_of_it
        assert "{" not in words_of_it
    assert Finding.of(found.stored()) == found


def test_every_kind_of_finding_has_a_defect_and_words() -> None:
    assert {code for code, _at, _defect in DEFECTS} == set(CODES)
    assert set(wording.WORDS) == set(CODES)


@pytest.mark.parametrize(
    "fine",
    [
        {"title": "第一次种的红富士苹果 5斤装"},
        {"description": BODY + "最好冷藏，最近三天到货。特级初榨橄榄油。"},
        {"papers": (*qc(-5), *qc(90))},
        {"papers": qc(None)},
        {"nearest": near("0.5", "0")},
        {"nearest": near("0.8", "0.2")},
        {"parameters": (ORIGIN, STORED, replace(DAYS, value=""))},
        {"video_seconds": (Decimal(15), Decimal(30))},
        {
            "pictures": (Picture(1080, 1920), *REST),
            "rules": replace(RULES, slots=SLOTS | {Slot.MAIN: SlotRule(1, 1920, 1080)}),
        },
    ],
)
def test_what_only_looks_like_a_defect_is_none(fine: dict[str, Any]) -> None:
    assert codes(replace(PERFECT, **fine)) == []


def test_the_category_says_what_blocks_what_warns_and_what_is_not_looked_for() -> None:
    facts = replace(PERFECT, title="苹果 5斤", subtitle="")
    assert [one.severity for one in scoring.judge(facts).findings] == [Severity.WARNS, Severity.WARNS]
    strict = replace(RULES, severities={"title_short": "blocks", "subtitle_missing": "off"})
    verdict = scoring.judge(replace(facts, rules=strict))
    assert [(one.code, one.blocks) for one in verdict.findings] == [("title_short", True)]
    assert verdict.tone == "danger"


def test_hits_are_shown_where_they_stand_the_longest_word_once() -> None:
    verdict = scoring.judge(replace(PERFECT, title="全国第一红富士苹果 5斤装"))
    (hit,) = verdict.findings[0].parameters["hits"]
    assert (hit["before"], hit["hit"], hit["after"]) == ("", "全国第一", "红富士苹果 5斤…")


def test_many_missing_parameters_cost_no_more_than_one_gap() -> None:
    many = tuple(ParameterFact(pk, f"参数{pk}", ParameterKind.TEXT, True, (), "") for pk in range(20))
    assert scoring.judge(replace(PERFECT, parameters=many)).score == 100 - scoring.PARAMETERS_COST


@given(st.text(max_size=60), st.text(max_size=40))
def test_any_text_gets_a_score_and_hits_that_are_in_it(title: str, subtitle: str) -> None:
    verdict = scoring.judge(replace(PERFECT, title=title, subtitle=subtitle))
    assert 0 <= verdict.score <= 100
    for start, end, word in words.hits(title, DICTIONARY):
        assert "".join(title[start:end].split()).lower() == word.word.lower()
