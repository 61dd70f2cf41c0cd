from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from shop.core import outbox
from shop.core.models import OutboxDelivery


class Command(BaseCommand):
    help = "Puts parked deliveries back into the line: all, or those of one handler."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--handler", help="the dotted name of one handler")

    def handle(self, *args: Any, **options: Any) -> None:
        parked = OutboxDelivery.objects.filter(parked_at__isnull=False)
        if options["handler"]:
            parked = parked.filter(handler=options["handler"])
        count = 0
        for delivery in parked.order_by("id"):
            outbox.replay(delivery)
            count += 1
        self.stdout.write(f"{count} deliveries are on their way again")
