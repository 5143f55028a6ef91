"""ModelSerializer and generic views, as Django REST framework's own tutorial writes them."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import generics, pagination, permissions, serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.request import Request
from rest_framework.response import Response

from shop.models import Category, Item


class ItemSerializer(serializers.ModelSerializer):
    category = serializers.CharField(source="category.name", read_only=True)
    category_id = serializers.PrimaryKeyRelatedField(
        queryset=Category.objects.all(), source="category", write_only=True
    )
    owner_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = Item
        fields = [
            "id",
            "name",
            "price",
            "quantity",
            "active",
            "category",
            "category_id",
            "owner_id",
            "created_at",
        ]
        read_only_fields = ["id", "created_at"]


class Slices(pagination.BasePagination):
    """Pages of 20 as a plain array, as all peers answer: no count of all rows."""

    size = 20

    def paginate_queryset(self, queryset: QuerySet[Item], request: Request, view: Any) -> list[Any]:
        page = serializers.IntegerField(min_value=1, max_value=10_000)
        start = (page.run_validation(request.query_params.get("page", "1")) - 1) * self.size
        return list(queryset[start : start + self.size])

    def get_paginated_response(self, data: Any) -> Response:
        return Response(data)


class Items(generics.ListCreateAPIView):
    queryset = Item.objects.select_related("category").order_by("created_at")
    serializer_class = ItemSerializer
    permission_classes = [permissions.IsAuthenticatedOrReadOnly]
    pagination_class = Slices

    def perform_create(self, serializer: ItemSerializer) -> None:
        serializer.save(owner=self.request.user)


class OneItem(generics.RetrieveAPIView):
    queryset = Item.objects.select_related("category")
    serializer_class = ItemSerializer
    permission_classes = [permissions.AllowAny]


class MyItems(generics.ListAPIView):
    serializer_class = ItemSerializer
    pagination_class = Slices

    def get_queryset(self) -> QuerySet[Item]:
        mine = Item.objects.filter(owner=self.request.user)
        return mine.select_related("category").order_by("created_at")


@api_view(["GET"])
@permission_classes([permissions.AllowAny])
def hello(request: Request) -> Response:
    return Response({"message": "hello"})
