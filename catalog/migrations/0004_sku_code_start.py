from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0003_finding_indexes")]

    operations = [
        AddIndexConcurrently(
            model_name="sku",
            index=models.Index(OpClass(Upper("code"), name="text_pattern_ops"), name="sku_code_start"),
        ),
    ]
