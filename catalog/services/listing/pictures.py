"""Pictures against the slots of the category: how many, how large, in which shape, and their own."""

from collections.abc import Iterator

from catalog.services.listing.facts import Facts, Finding, Picture, SlotRule
from catalog.terms.listing import Slot

RATIO_SLACK = 0.02


def look(facts: Facts) -> Iterator[Finding]:
    rules, pictures = facts.rules, facts.pictures
    if not pictures:
        yield from rules.finding("picture_missing")
        return
    main, scene = (rules.slots.get(slot, SlotRule(0)) for slot in (Slot.MAIN, Slot.SCENE))
    wanted = main.count + scene.count
    if len(pictures) < wanted:
        yield from rules.finding("pictures_few", count=len(pictures), wanted=wanted)
    firsts = max(1, main.count)
    small = [*_small(pictures[:firsts], main, 1), *_small(pictures[firsts:], scene, firsts + 1)]
    if small:
        number, picture, rule = small[0]
        yield from rules.finding(
            "picture_small",
            numbers="、".join(str(one[0]) for one in small),
            number=number,
            width=picture.width,
            height=picture.height,
            long_side=rule.long_side,
            short_side=rule.short_side,
        )
    odd = [*_odd(pictures[:firsts], main, 1), *_odd(pictures[firsts:], scene, firsts + 1)]
    if odd:
        numbers = "、".join(str(number) for number, _rule in odd)
        yield from rules.finding("picture_ratio", numbers=numbers, ratio=odd[0][1].ratio)
    twins = [str(number) for number, picture in enumerate(pictures, 1) if picture.is_twin]
    if twins:
        yield from rules.finding("picture_twin", numbers="、".join(twins))


def _small(
    pictures: tuple[Picture, ...], rule: SlotRule, first: int
) -> Iterator[tuple[int, Picture, SlotRule]]:
    for number, one in enumerate(pictures, first):
        sides = sorted((one.width, one.height))
        if sides[0] < rule.short_side or sides[1] < rule.long_side:
            yield number, one, rule


def _odd(pictures: tuple[Picture, ...], rule: SlotRule, first: int) -> Iterator[tuple[int, SlotRule]]:
    if not rule.ratio:
        return
    across, down = (int(part) for part in rule.ratio.split(":"))
    for number, one in enumerate(pictures, first):
        if one.height and abs(one.width / one.height / (across / down) - 1) > RATIO_SLACK:
            yield number, rule
