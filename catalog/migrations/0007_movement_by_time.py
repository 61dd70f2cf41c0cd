from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0006_demand")]

    operations = [
        AddIndexConcurrently(
            model_name="stockmovement",
            index=BrinIndex(fields=["created_at"], name="movement_by_time", autosummarize=True),
        ),
    ]
