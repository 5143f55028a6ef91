from django.urls import path

from apps.wiki import views

app_name = "wiki"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("parks/", views.parks, name="parks"),
    path("parks/<slug:park>/", views.park, name="park"),
    path("parks/<slug:park>/history/", views.history, name="park-history"),
    path("parks/<slug:park>/rides/<slug:ride>/", views.ride, name="ride"),
    path("parks/<slug:park>/rides/<slug:ride>/history/", views.history, name="ride-history"),
    path("rides/", views.rides, name="rides"),
    path("companies/", views.companies, name="companies"),
    path("companies/<slug:company>/", views.company, name="company"),
    path("companies/<slug:company>/history/", views.history, name="company-history"),
    path("compare/", views.compare, name="compare"),
    path("lists/", views.lists, name="lists"),
    path("lists/<uuid:pk>/", views.one_list, name="list"),
]
