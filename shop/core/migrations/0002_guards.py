from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from shop.core.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        TrigramExtension(),
        append_only("core_auditentry"),
        append_only("core_auditseal"),
    ]
