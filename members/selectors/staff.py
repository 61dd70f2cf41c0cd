"""Who works here, and as what."""

from django.db.models import Q, QuerySet

from members.models import User
from members.terms import Role


def roles_of(user: User) -> list[str]:
    """Role names, sorted; one query."""
    return sorted(user.groups.filter(name__in=Role.values).values_list("name", flat=True))


def administrators() -> QuerySet[User]:
    """Everybody who can sign in and manage the staff."""
    people = User.objects.filter(is_staff=True, is_active=True)
    return people.filter(Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR)).distinct()
