from django.urls import path

from apps.accounts import views

urlpatterns = [
    path("data/", views.data, name="account_data"),
    path("data/export/", views.export, name="account_export"),
    path("delete/", views.delete, name="account_delete"),
]
