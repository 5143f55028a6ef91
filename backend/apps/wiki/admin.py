"""The encyclopedia in the admin; in a branch when one is chosen there."""

from django.contrib import admin

from apps.wiki.models import Area, Company, Park, Photo, Review, Ride, RideEvent


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ("name", "country", "is_operator", "is_manufacturer")
    list_filter = ("is_operator", "is_manufacturer")
    search_fields = ("name",)


@admin.register(Park)
class ParkAdmin(admin.ModelAdmin):
    list_display = ("name", "city", "country", "status")
    list_filter = ("status",)
    list_select_related = ("operator",)
    search_fields = ("name", "city")
    autocomplete_fields = ("operator",)


@admin.register(Area)
class AreaAdmin(admin.ModelAdmin):
    list_display = ("name", "park")
    list_select_related = ("park",)
    search_fields = ("name", "park__name")
    autocomplete_fields = ("park",)


@admin.register(Ride)
class RideAdmin(admin.ModelAdmin):
    list_display = ("name", "park", "kind", "manufacturer", "status")
    list_filter = ("kind", "status")
    list_select_related = ("park", "manufacturer")
    search_fields = ("name", "park__name")
    autocomplete_fields = ("park", "area", "manufacturer")


@admin.register(RideEvent)
class RideEventAdmin(admin.ModelAdmin):
    list_display = ("ride", "date", "kind")
    list_select_related = ("ride",)
    autocomplete_fields = ("ride",)


@admin.register(Photo)
class PhotoAdmin(admin.ModelAdmin):
    list_display = ("alt", "park", "ride", "licence")
    list_select_related = ("park", "ride")
    autocomplete_fields = ("park", "ride")


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    list_display = ("ride", "author", "stars", "state")
    list_filter = ("state", "stars")
    list_select_related = ("ride", "author")
    raw_id_fields = ("ride", "author", "moderated_by")
