from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0002_finding")]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                fields=["status", "position", "-sold_count", "-id"], name="product_best_first"
            ),
        ),
        AddIndexConcurrently(
            model_name="specvalue",
            index=models.Index(fields=["name"], name="value_by_name"),
        ),
    ]
