from django.urls import path

from marketing.api.offers import OffersView

api_urlpatterns = [path("offers/", OffersView.as_view(), name="offers")]
