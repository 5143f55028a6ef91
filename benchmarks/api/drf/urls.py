from django.urls import path
from shop import views

urlpatterns = [
    path("api/hello", views.hello),
    path("api/items", views.Items.as_view()),
    path("api/items/<uuid:pk>", views.OneItem.as_view()),
    path("api/my/items", views.MyItems.as_view()),
]
