"""The shop's addresses with those of a demo, as shop.urls has them when DEMO is on."""

from shop import urls
from shop.backoffice.stage import urls as stage

urlpatterns = [*stage.urlpatterns, *urls.urlpatterns]
