from django.urls import path

from longhouse.mail import views

urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("<uuid:mail_id>", views.mail, name="mail"),
    path("<uuid:mail_id>/html", views.mail_html, name="mail-html"),
]
