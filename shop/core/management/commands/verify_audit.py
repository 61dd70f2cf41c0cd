from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.core import audit
from shop.core.models import AuditSeal


class Command(BaseCommand):
    help = "Walks the sealed chain of the audit log; fails when a row was changed or is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        problems = audit.verify()
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write(f"{AuditSeal.objects.count()} entries sealed, the chain is whole")
