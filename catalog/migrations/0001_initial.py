import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import shop.core.clock
import shop.core.fields
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from shop.core.triggers import append_only


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='web address')),
            ],
            options={
                'verbose_name': 'brand',
                'verbose_name_plural': 'brands',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('warehouse', 'Warehouse'), ('store', 'Store'), ('pickup_point', 'Pickup point')], max_length=16, verbose_name='kind')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('code', models.SlugField(max_length=20, unique=True, verbose_name='code')),
                ('region_code', models.CharField(blank=True, max_length=6, verbose_name='division code')),
                ('province', models.CharField(blank=True, max_length=20, verbose_name='province')),
                ('city', models.CharField(blank=True, max_length=20, verbose_name='city')),
                ('district', models.CharField(blank=True, max_length=20, verbose_name='district')),
                ('address', models.CharField(blank=True, max_length=120, verbose_name='address')),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='longitude')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='phone')),
                ('hours', models.JSONField(blank=True, default=dict, verbose_name='opening hours')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('offers_pickup', models.BooleanField(default=False, verbose_name='offers pickup')),
                ('position', models.IntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'place',
                'verbose_name_plural': 'places',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='web address')),
                ('depth', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='depth')),
                ('position', models.IntegerField(default=0, verbose_name='position')),
                ('icon', models.CharField(blank=True, max_length=60, verbose_name='picture')),
                ('is_visible', models.BooleanField(default=True, verbose_name='visible')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='catalog.category', verbose_name='parent')),
            ],
            options={
                'verbose_name': 'category',
                'verbose_name_plural': 'categories',
                'ordering': ['depth', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FreightTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                ('basis', models.CharField(choices=[('piece', 'By piece'), ('weight', 'By weight'), ('volume', 'By volume')], default='piece', max_length=8, verbose_name='counted')),
                ('is_default', models.BooleanField(default=False, verbose_name='for products without a template')),
            ],
            options={
                'verbose_name': 'freight template',
                'verbose_name_plural': 'freight templates',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='freight_one_default')],
            },
        ),
        migrations.CreateModel(
            name='FreightRegion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=6), blank=True, default=list, help_text='Codes of provinces or cities, separated by commas; empty means everywhere else.', size=None, verbose_name='division codes')),
                ('first_units', models.PositiveIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='first units')),
                ('first_fee', shop.core.fields.MoneyField(decimal_places=2, max_digits=12, verbose_name='first fee')),
                ('next_units', models.PositiveIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='next units')),
                ('next_fee', shop.core.fields.MoneyField(decimal_places=2, max_digits=12, verbose_name='next fee')),
                ('free_from', shop.core.fields.MoneyField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='free from')),
                ('delivers', models.BooleanField(default=True, verbose_name='delivers there')),
                ('position', models.IntegerField(default=0, verbose_name='position')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='regions', to='catalog.freighttemplate')),
            ],
            options={
                'verbose_name': 'regional rate',
                'verbose_name_plural': 'regional rates',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=30, verbose_name='title')),
                ('subtitle', models.CharField(blank=True, max_length=60, verbose_name='subtitle')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('on_shelf', 'On the shelf'), ('off_shelf', 'Off the shelf')], default='draft', editable=False, max_length=12, verbose_name='status')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('sale_unit', models.CharField(default='件', max_length=6, verbose_name='sale unit')),
                ('is_weighed', models.BooleanField(default=False, verbose_name='sold by weight')),
                ('no_reason_return', models.BooleanField(default=True, verbose_name='seven days to return')),
                ('minimum_quantity', models.PositiveIntegerField(default=1, verbose_name='smallest quantity')),
                ('quantity_multiple', models.PositiveIntegerField(default=1, verbose_name='sold in multiples of')),
                ('promised_ship_hours', models.PositiveIntegerField(default=48, verbose_name='shipped within hours')),
                ('lowest_price', shop.core.fields.MoneyField(decimal_places=2, editable=False, max_digits=12, null=True, verbose_name='lowest price')),
                ('highest_price', shop.core.fields.MoneyField(decimal_places=2, editable=False, max_digits=12, null=True, verbose_name='highest price')),
                ('sold_count', models.IntegerField(default=0, editable=False, verbose_name='sold')),
                ('search_text', models.TextField(blank=True, default='', editable=False)),
                ('search_vector', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ('on_shelf_at', models.DateTimeField(editable=False, null=True, verbose_name='on the shelf since')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('position', models.IntegerField(default=0, verbose_name='position')),
                ('brand', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='catalog.brand', verbose_name='brand')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='catalog.category', verbose_name='category')),
                ('freight_template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='catalog.freighttemplate', verbose_name='freight template')),
            ],
            options={
                'verbose_name': 'product',
                'verbose_name_plural': 'products',
                'ordering': ['-id'],
                'permissions': [('shelve_product', 'Can put products on and off the shelf')],
            },
        ),
        migrations.CreateModel(
            name='ProductTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_status', models.CharField(max_length=30, verbose_name='from')),
                ('to_status', models.CharField(max_length=30, verbose_name='to')),
                ('actor', models.CharField(max_length=60, verbose_name='actor')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('created_at', models.DateTimeField(default=shop.core.clock.page_now, editable=False, verbose_name='time')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='catalog.product')),
            ],
            options={
                'verbose_name': 'status change',
                'verbose_name_plural': 'status changes',
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Sku',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='code')),
                ('barcode', models.CharField(blank=True, max_length=40, null=True, unique=True, verbose_name='barcode')),
                ('spec_key', models.CharField(blank=True, default='', editable=False, max_length=80)),
                ('spec_text', models.CharField(blank=True, default='', editable=False, max_length=80, verbose_name='specification')),
                ('list_price', shop.core.fields.MoneyField(decimal_places=2, max_digits=12, verbose_name='price')),
                ('cost_price', shop.core.fields.MoneyField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='cost')),
                ('floor_price', shop.core.fields.MoneyField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='floor price')),
                ('weight_grams', models.PositiveIntegerField(default=0, verbose_name='weight (g)')),
                ('volume_cm3', models.PositiveIntegerField(default=0, verbose_name='volume (cm³)')),
                ('nominal_grams', models.PositiveIntegerField(blank=True, null=True, verbose_name='nominal grams')),
                ('price_basis_grams', models.PositiveIntegerField(blank=True, null=True, verbose_name='price is per grams')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='skus', to='catalog.product')),
            ],
            options={
                'verbose_name': 'SKU',
                'verbose_name_plural': 'SKUs',
                'ordering': ['product_id', 'position', 'id'],
                'permissions': [('set_price', 'Can change prices')],
            },
        ),
        migrations.CreateModel(
            name='PriceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_price', shop.core.fields.MoneyField(decimal_places=2, max_digits=12, null=True, verbose_name='old price')),
                ('new_price', shop.core.fields.MoneyField(decimal_places=2, max_digits=12, verbose_name='new price')),
                ('actor', models.CharField(max_length=64, verbose_name='by')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('created_at', models.DateTimeField(verbose_name='at')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='price_changes', to='catalog.sku')),
            ],
            options={
                'verbose_name': 'price change',
                'verbose_name_plural': 'price changes',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SkuDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on_date', models.DateField(verbose_name='day')),
                ('sold_count', models.IntegerField(default=0, verbose_name='sold')),
                ('lowest_deal_price', shop.core.fields.MoneyField(decimal_places=2, max_digits=12, null=True, verbose_name='lowest deal price')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='catalog.sku')),
            ],
            options={
                'verbose_name': 'day of a SKU',
                'verbose_name_plural': 'days of SKUs',
            },
        ),
        migrations.CreateModel(
            name='SpecAxis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=12, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='axes', to='catalog.product')),
            ],
            options={
                'verbose_name': 'specification',
                'verbose_name_plural': 'specifications',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='SpecValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('axis', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='catalog.specaxis')),
            ],
            options={
                'verbose_name': 'specification value',
                'verbose_name_plural': 'specification values',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.AddField(
            model_name='sku',
            name='values',
            field=models.ManyToManyField(blank=True, related_name='skus', to='catalog.specvalue'),
        ),
        migrations.CreateModel(
            name='ProductImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=200, verbose_name='file')),
                ('width', models.PositiveIntegerField(verbose_name='width')),
                ('height', models.PositiveIntegerField(verbose_name='height')),
                ('alt', models.CharField(blank=True, max_length=80, verbose_name='says')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='catalog.product')),
                ('value', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='images', to='catalog.specvalue', verbose_name='shows')),
            ],
            options={
                'verbose_name': 'picture',
                'verbose_name_plural': 'pictures',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='StaffPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff', to='catalog.place', verbose_name='place')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff_places', to=settings.AUTH_USER_MODEL, verbose_name='member of staff')),
            ],
            options={
                'verbose_name': 'place of a person',
                'verbose_name_plural': 'places of people',
            },
        ),
        migrations.CreateModel(
            name='StockLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pool', models.CharField(choices=[('spot', 'Spot'), ('presale', 'Presale'), ('activity', 'Activity'), ('defect', 'Defective'), ('frozen', 'Frozen')], default='spot', max_length=10, verbose_name='pool')),
                ('on_hand', models.IntegerField(default=0, editable=False, verbose_name='on hand')),
                ('reserved', models.IntegerField(default=0, editable=False, verbose_name='reserved')),
                ('alert_at', models.PositiveIntegerField(default=0, help_text='Warn when this many or fewer are left; 0 never warns.', verbose_name='warn at')),
                ('alerted_at', models.DateTimeField(editable=False, null=True, verbose_name='last warned')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='catalog.place', verbose_name='place')),
                ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='catalog.sku', verbose_name='SKU')),
            ],
            options={
                'verbose_name': 'stock level',
                'verbose_name_plural': 'stock levels',
                'ordering': ['id'],
                'permissions': [('adjust_stock', 'Can change stock')],
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=80, verbose_name='belongs to')),
                ('line_key', models.CharField(max_length=40, verbose_name='line')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                ('consumed_count', models.PositiveIntegerField(default=0, verbose_name='goods handed out')),
                ('released_count', models.PositiveIntegerField(default=0, verbose_name='pieces released')),
                ('status', models.GeneratedField(db_persist=True, expression=models.Case(models.When(quantity__gt=django.db.models.expressions.CombinedExpression(models.F('consumed_count'), '+', models.F('released_count')), then=models.Value('active')), models.When(consumed_count=0, then=models.Value('released')), default=models.Value('consumed')), output_field=models.CharField(choices=[('active', 'Active'), ('released', 'Released'), ('consumed', 'Handed out')], max_length=10, verbose_name='status'))),
                ('created_at', models.DateTimeField(verbose_name='at')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='catalog.stocklevel', verbose_name='stock level')),
            ],
            options={
                'verbose_name': 'reservation',
                'verbose_name_plural': 'reservations',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=160, unique=True, verbose_name='key')),
                ('delta_on_hand', models.IntegerField(default=0, verbose_name='on hand ±')),
                ('delta_reserved', models.IntegerField(default=0, verbose_name='reserved ±')),
                ('reason', models.CharField(choices=[('received', 'Goods received'), ('reserved', 'Reserved by an order'), ('released', 'Reservation released'), ('consumed', 'Handed out'), ('put_back', 'Put back'), ('counted', 'Stock count'), ('found', 'Found'), ('damaged', 'Damaged'), ('lost', 'Lost'), ('corrected', 'Correction'), ('opening', 'Opening stock')], max_length=12, verbose_name='reason')),
                ('reference', models.CharField(blank=True, max_length=80, verbose_name='belongs to')),
                ('batch', models.CharField(blank=True, default='', max_length=40, verbose_name='batch')),
                ('cost', shop.core.fields.MoneyField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='unit cost')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='note')),
                ('actor', models.CharField(max_length=64, verbose_name='by')),
                ('created_at', models.DateTimeField(verbose_name='at')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='catalog.stocklevel', verbose_name='stock level')),
            ],
            options={
                'verbose_name': 'stock movement',
                'verbose_name_plural': 'stock movements',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=12, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='web address')),
                ('colour', models.CharField(default='#C8371B', max_length=7, verbose_name='colour')),
                ('automatic', models.CharField(blank=True, choices=[('new', 'New arrivals'), ('hot', 'Best-selling goods')], max_length=8, verbose_name='hung by itself')),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('automatic', ''), _negated=True), fields=('automatic',), name='tag_one_per_rule')],
            },
        ),
        migrations.CreateModel(
            name='ProductTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_automatic', models.BooleanField(default=False)),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='catalog.product')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='catalog.tag')),
            ],
        ),
        migrations.AddField(
            model_name='product',
            name='tags',
            field=models.ManyToManyField(related_name='products', through='catalog.ProductTag', to='catalog.tag', verbose_name='tags'),
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.CheckConstraint(condition=models.Q(('depth__gte', 1), ('depth__lte', 3)), name='category_depth'),
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('depth', 1), ('parent', None)), models.Q(('depth__gt', 1), ('parent__isnull', False)), _connector='OR'), name='category_root_has_no_parent'),
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.UniqueConstraint(fields=('parent', 'name'), name='category_name_in_parent', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='freightregion',
            constraint=models.CheckConstraint(condition=models.Q(('first_fee__gte', 0), ('first_units__gte', 1), ('next_fee__gte', 0), ('next_units__gte', 1)), name='freight_region_sane'),
        ),
        migrations.AddIndex(
            model_name='pricechange',
            index=models.Index(fields=['sku', '-created_at'], name='price_change_by_sku'),
        ),
        migrations.AddIndex(
            model_name='skuday',
            index=models.Index(fields=['on_date'], name='sku_day_by_date'),
        ),
        migrations.AddConstraint(
            model_name='skuday',
            constraint=models.UniqueConstraint(fields=('sku', 'on_date'), name='sku_day_once'),
        ),
        migrations.AddConstraint(
            model_name='specaxis',
            constraint=models.CheckConstraint(condition=models.Q(('position__gte', 1), ('position__lte', 3)), name='axis_position'),
        ),
        migrations.AddConstraint(
            model_name='specaxis',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('product', 'position'), name='axis_place_once'),
        ),
        migrations.AddConstraint(
            model_name='specaxis',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('product', 'name'), name='axis_name_once'),
        ),
        migrations.AddConstraint(
            model_name='specvalue',
            constraint=models.UniqueConstraint(fields=('axis', 'name'), name='value_name_once'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.UniqueConstraint(fields=('product', 'spec_key'), name='sku_spec_once'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.CheckConstraint(condition=models.Q(('list_price__gte', 0)), name='sku_list_price'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cost_price', None), ('cost_price__gte', 0), _connector='OR'), models.Q(('floor_price', None), ('floor_price__gte', 0), _connector='OR')), name='sku_other_prices'),
        ),
        migrations.AddIndex(
            model_name='productimage',
            index=models.Index(fields=['product', 'position', 'id'], name='image_in_order'),
        ),
        migrations.AddConstraint(
            model_name='staffplace',
            constraint=models.UniqueConstraint(fields=('user', 'place'), name='staff_place_once'),
        ),
        migrations.AddConstraint(
            model_name='stocklevel',
            constraint=models.UniqueConstraint(fields=('place', 'sku', 'pool'), name='level_once'),
        ),
        migrations.AddConstraint(
            model_name='stocklevel',
            constraint=models.CheckConstraint(condition=models.Q(('on_hand__gte', 0)), name='level_on_hand'),
        ),
        migrations.AddConstraint(
            model_name='stocklevel',
            constraint=models.CheckConstraint(condition=models.Q(('reserved__gte', 0)), name='level_reserved'),
        ),
        migrations.AddConstraint(
            model_name='stocklevel',
            constraint=models.CheckConstraint(condition=models.Q(('reserved__lte', models.F('on_hand'))), name='level_not_oversold'),
        ),
        migrations.AddIndex(
            model_name='reservation',
            index=models.Index(condition=models.Q(('quantity__gt', django.db.models.expressions.CombinedExpression(models.F('consumed_count'), '+', models.F('released_count')))), fields=['level'], name='reservation_active'),
        ),
        migrations.AddConstraint(
            model_name='reservation',
            constraint=models.UniqueConstraint(fields=('reference', 'line_key', 'level'), name='reservation_once'),
        ),
        migrations.AddConstraint(
            model_name='reservation',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('quantity__gte', django.db.models.expressions.CombinedExpression(models.F('consumed_count'), '+', models.F('released_count')))), name='reservation_counts'),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(fields=['level', '-id'], name='movement_by_level'),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(condition=models.Q(('reference', ''), _negated=True), fields=['reference'], name='movement_by_reference'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('delta_on_hand', 0), ('delta_reserved', 0), _negated=True), name='movement_moves'),
        ),
        migrations.AddConstraint(
            model_name='producttag',
            constraint=models.UniqueConstraint(fields=('product', 'tag'), name='product_tag_once'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['status', 'category', '-sold_count'], name='product_by_category'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['status', '-sold_count'], name='product_by_sales'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['status', 'lowest_price'], name='product_by_price'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['status', '-on_shelf_at'], name='product_by_age'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='product_search_words'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('search_text', name='gin_trgm_ops'), name='product_search_trigrams'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'on_shelf', 'off_shelf'])), name='catalog_product_status_legal'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('minimum_quantity__gte', 1), ('quantity_multiple__gte', 1)), name='product_quantities'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('sold_count__gte', 0)), name='product_sold_count'),
        ),
        append_only("catalog_stockmovement"),
        append_only("catalog_pricechange"),
    ]
