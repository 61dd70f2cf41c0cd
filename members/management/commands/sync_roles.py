"""Makes the roles of the staff from the table in members/roles.py."""

from typing import Any

from django.core.management.base import BaseCommand

from members.services import roles


class Command(BaseCommand):
    help = "Make the staff's roles and set their permissions. Harmless when repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        synced = roles.sync()
        for role, count in synced.counts.items():
            self.stdout.write(f"{role}: {count} permissions")
        for name in synced.missing:
            self.stderr.write(f"no permission is called {name}")
