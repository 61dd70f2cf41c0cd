"""The starter set of words to avoid, for shops that are there already and for new ones."""

from typing import Any

from django.db import migrations

from catalog.terms.listing_words import starter


def load(apps: Any, schema_editor: Any) -> None:
    word = apps.get_model("catalog", "ListingWord")
    word.objects.bulk_create([word(**row) for row in starter()], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0017_listing")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
