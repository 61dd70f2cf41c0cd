from typing import Any

from django.core.management.base import BaseCommand

from members.models import User
from shop.backoffice.demo import basics, people


class Command(BaseCommand):
    help = "Print the logins of the demo shop, one a line. Prints nothing in a shop without them."

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(User.objects.filter(is_staff=True).values_list("username", flat=True))
        for username, name, _role, codes in basics.STAFF:
            if username in known:
                where = f" ({', '.join(codes)})" if codes else ""
                self.stdout.write(f"{name}{where}  {username} / {basics.PASSWORD}")
        for phone, _name, level in people.SHOPPERS:
            self.stdout.write(f"顾客 {level}  {phone}, 验证码看沙箱的短信箱")
