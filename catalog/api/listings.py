"""Listings: check them, submit them, review them."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.models import ListingReview, Product
from catalog.selectors import listings as reading
from catalog.services import listing_desk, listings
from catalog.services.listing import gathering, scoring
from catalog.terms.listing import CODES, ReviewOutcome, Severity
from catalog.wording import listing as wording
from shop.core import refs
from shop.core.errors import NotFound
from shop.core.rest.idempotency import IdempotentMixin
from shop.core.rest.permissions import HasPerm


class FindingRow(serializers.Serializer[Any]):
    code = serializers.ChoiceField([(code, code) for code in sorted(CODES)])
    field = serializers.CharField(help_text="What it speaks of; `parameters.12` is one parameter.")
    severity = serializers.ChoiceField(Severity.choices)
    points = serializers.IntegerField(help_text="What it costs of 100.")
    words = serializers.CharField()


class VerdictRow(serializers.Serializer[Any]):
    score = serializers.IntegerField(min_value=0, max_value=100)
    may_be_offered = serializers.BooleanField()
    findings = FindingRow(many=True)


class ReviewRow(serializers.ModelSerializer[ListingReview]):
    product_id = serializers.IntegerField()
    title = serializers.CharField(source="product.title")
    status = serializers.CharField(source="product.status")

    class Meta:
        model = ListingReview
        fields = [
            *("id", "product_id", "title", "status", "score", "outcome", "is_by_machine", "reason"),
            *("note", "submitted_at", "decided_at"),
        ]
        read_only_fields = fields


class SubmitOrder(serializers.Serializer[Any]):
    note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class ReviewOrder(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(
        [ReviewOutcome.APPROVED.value, ReviewOutcome.REJECTED.value],
        help_text="Approving puts it on the shelf as well.",
    )
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=200, default="", help_text="Needed to reject."
    )


class CheckView(APIView):
    permission_classes = (HasPerm("catalog.view_product"),)

    @extend_schema(operation_id="check_product", tags=["products"], responses={200: VerdictRow})
    def get(self, request: Request, product_id: int) -> Response:
        """The listing score now, with every finding; nothing is written."""
        verdict = scoring.judge(gathering.facts(_product(product_id)))
        findings = [
            one.stored() | {"words": wording.sentence(one.code, one.parameters)} for one in verdict.findings
        ]
        said = {"score": verdict.score, "may_be_offered": not verdict.blocking, "findings": findings}
        return Response(VerdictRow(said).data)


class SubmitView(IdempotentMixin):
    permission_classes = (HasPerm("catalog.submit_product"),)

    @extend_schema(
        operation_id="submit_product",
        tags=["products"],
        request=SubmitOrder,
        responses={200: ReviewRow},
        examples=[OpenApiExample("Submit", value={"note": "第一批到货"}, request_only=True)],
    )
    def post(self, request: Request, product_id: int) -> Response:
        """Hand a listing in: the check sends it back at once or lets it wait for a person."""
        given = SubmitOrder(data=request.data)
        given.is_valid(raise_exception=True)
        review = listings.submit(
            product=_product(product_id), actor=refs.user(request.user), note=given.validated_data["note"]
        )
        return _shown(review.pk)


class ReviewView(IdempotentMixin):
    permission_classes = (HasPerm("catalog.shelve_product"),)

    @extend_schema(
        operation_id="review_product",
        tags=["products"],
        request=ReviewOrder,
        responses={200: ReviewRow},
        examples=[
            OpenApiExample(
                "Send back", value={"decision": "rejected", "reason": "图片看不清"}, request_only=True
            )
        ],
    )
    def post(self, request: Request, product_id: int) -> Response:
        """Decide about a listing that waits."""
        given = ReviewOrder(data=request.data)
        given.is_valid(raise_exception=True)
        review = reading.open_review(_product(product_id).pk)
        if review is None:
            raise NotFound(product_id=product_id)
        said = {"actor": refs.user(request.user), "reason": given.validated_data["reason"]}
        if given.validated_data["decision"] == ReviewOutcome.APPROVED:
            listing_desk.pass_on(review=review, **said)
        else:
            listings.reject(review=review, **said)
        return _shown(review.pk)


def _product(product_id: int) -> Product:
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise NotFound(product_id=product_id)
    return product


def _shown(review_id: int) -> Response:
    return Response(ReviewRow(ListingReview.objects.select_related("product").get(pk=review_id)).data)
