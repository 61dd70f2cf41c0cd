"""凑单: goods that close the gap to an offer, with the basket's total running along."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shop.core.errors import NotFound, Refusal
from shop.storefront import gathering, wishes
from shop.storefront.guards import ShopRequest


@require_safe
def gather(request: ShopRequest) -> HttpResponse:
    """For a rule that no longer runs, back to the basket."""
    try:
        goal, progress = _stand(request)
    except Refusal:
        return HttpResponseRedirect(reverse("storefront:basket"))
    found = gathering.fitting(goal, progress.missing, request.shopper.member)
    context = {"goal": goal, "progress": progress, "goods": found}
    return render(request, "storefront/gather.html", context)


@require_safe
def bar(request: ShopRequest) -> HttpResponse:
    """The bar alone, after something was put into the basket."""
    try:
        goal, progress = _stand(request)
    except (NotFound, Refusal):
        return HttpResponse(status=204)
    return render(request, "storefront/gather_bar.html", {"goal": goal, "progress": progress})


def _stand(request: ShopRequest) -> tuple[gathering.Goal, gathering.Progress]:
    member = request.shopper.member
    goal = gathering.goal(request.GET.get("rule", ""), member)
    return goal, gathering.progress(goal, member, wishes.selected(request.shopper.find_basket()))
