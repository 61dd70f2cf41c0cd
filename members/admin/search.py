"""Finding people in the back office."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from members.models.user import phone_hash
from members.selectors import phones


class PeopleSearch:
    """Search by whole phone (through its hash), last four digits, name or e-mail. `person` is the way to the
    user, with its underscores ("member__user__")."""

    person = ""
    search_help_text: Any = ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = term.strip()
        if not term:
            return queryset, False
        if phones.is_valid(term):
            wanted = Q(**{f"{self.person}phone_hash": phone_hash(phones.normalise(term))})
        elif len(term) == 4 and term.isascii() and term.isdigit():
            wanted = Q(**{f"{self.person}phone_tail": term})
        else:
            names = ("display_name__icontains", "username", "email__iexact")
            wanted = Q()
            for name in names:
                wanted |= Q(**{f"{self.person}{name}": term})
        return queryset.filter(wanted), False
