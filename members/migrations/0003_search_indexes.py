from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("members", "0002_staff_preference")]

    operations = [
        AddIndexConcurrently(
            model_name="user",
            index=models.Index(
                fields=["phone_tail", "-id"],
                name="user_phone_tail",
                condition=models.Q(("phone_tail", ""), _negated=True),
            ),
        ),
        AddIndexConcurrently(
            model_name="user",
            index=GinIndex(
                OpClass(Upper("display_name"), name="gin_trgm_ops"),
                name="user_display_name_words",
                condition=models.Q(("display_name", ""), _negated=True),
            ),
        ),
    ]
