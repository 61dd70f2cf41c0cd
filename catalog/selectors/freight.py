"""Which regional rate applies."""

from collections.abc import Collection

from catalog.models import FreightRegion, FreightTemplate


def rules(template_ids: Collection[int | None], region_code: str) -> dict[int | None, FreightRegion | None]:
    """The rate of each template for a division, its `template` loaded; one query.

    The longest matching code wins (city before province), then a region without codes; None where no region
    fits, which means: not delivered there. The key None stands for the default template and is None, too,
    when there is no default.
    """
    wanted = set(template_ids)
    regions = FreightRegion.objects.select_related("template").order_by("position", "id")
    if None in wanted:
        regions = regions.filter(template__in=_ids(wanted)) | regions.filter(template__is_default=True)
    else:
        regions = regions.filter(template__in=_ids(wanted))
    best: dict[int, tuple[int, FreightRegion]] = {}
    for region in regions:
        fit = _fit(region, region_code)
        if fit is not None and fit > best.get(region.template_id, (-1, region))[0]:
            best[region.template_id] = (fit, region)
    found: dict[int | None, FreightRegion | None] = {
        pk: best[pk][1] if pk in best else None for pk in wanted if pk is not None
    }
    if None in wanted:
        found[None] = next((region for _, region in best.values() if region.template.is_default), None)
    return found


def default_template_id() -> int | None:
    """The template of products without one; one query."""
    return FreightTemplate.objects.filter(is_default=True).values_list("pk", flat=True).first()


def _fit(region: FreightRegion, region_code: str) -> int | None:
    """How exactly a region names this division: digits in common, 0 for everywhere else, None for not at
    all.
    """
    if not region.region_codes:
        return 0
    short = (code.rstrip("0") if len(code) == 6 else code for code in region.region_codes)
    return max((len(code) for code in short if code and region_code.startswith(code)), default=None)


def _ids(template_ids: Collection[int | None]) -> list[int]:
    return [pk for pk in template_ids if pk is not None]
