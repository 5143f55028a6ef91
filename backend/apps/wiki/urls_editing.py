"""Routes of editing, proposals and what visitors write; below /wiki/."""

from django.urls import path

from apps.wiki import (
    editing,
    importing,
    notified,  # feature: notifications
    reviewing,
    visiting,
    watching,
)

urlpatterns = [
    path("parks/<slug:park>/edit/", editing.edit_park, name="edit-park"),
    path("parks/<slug:park>/rides/<slug:ride>/edit/", editing.edit_ride, name="edit-ride"),
    path("companies/<slug:company>/edit/", editing.edit_company, name="edit-company"),
    path("edit/<slug:kind>/<uuid:pk>/", editing.edit, name="edit"),
    path("new/<slug:kind>/", editing.new, name="new"),
    path("delete/<slug:kind>/<uuid:pk>/", editing.delete, name="delete"),
    path("restore/<slug:kind>/<uuid:pk>/<int:commit>/", editing.restore, name="restore"),
    path("drafts/", editing.my_drafts, name="drafts"),
    path("drafts/new/", editing.choose_draft, name="new-draft"),
    path("drafts/<slug:name>/", editing.choose_draft, name="choose-draft"),
    path("import/", importing.import_page, name="import"),
    path("preview/leave/", editing.leave_preview, name="leave-preview"),
    path("proposals/", reviewing.proposals_list, name="proposals"),
    path("proposals/<slug:name>/", reviewing.proposal, name="proposal"),
    path("proposals/<slug:name>/submit/", reviewing.submit, name="submit"),
    *(
        path(f"proposals/<slug:name>/{action}/", reviewing.act, {"action": action}, name=action)
        for action in ("withdraw", "close", "reopen")
    ),
    path("proposals/<slug:name>/comment/", reviewing.comment, name="comment"),
    path("proposals/<slug:name>/review/", reviewing.review, name="review"),
    path("proposals/<slug:name>/merge/", reviewing.merge, name="merge"),
    path("proposals/<slug:name>/conflicts/", reviewing.conflicts, name="conflicts"),
    path("proposals/<slug:name>/conflicts/<int:pk>/", reviewing.conflicts, name="conflict"),
    path("proposals/<slug:name>/preview/", editing.preview, name="preview"),
    path("proposals/<slug:name>/throw-away/", editing.throw_away, name="throw-away"),
    path("proposals/<slug:name>/take-back/", editing.take_back, name="take-back"),
    path("commits/<int:pk>/", reviewing.commit, name="commit"),
    path("commits/<int:pk>/revert/", reviewing.revert, name="revert"),
    path("contributors/<uuid:pk>/", reviewing.contributor, name="contributor"),
    path("contributors/<uuid:pk>/undo/", reviewing.undo, name="undo"),
    path("watch/<slug:kind>/<uuid:pk>/", watching.watch, name="watch"),
    path("unwatch/<slug:kind>/<uuid:pk>/", watching.unwatch, name="unwatch"),
    path("my/watched/", watching.watched, name="watched"),
    # feature: notifications
    path("notifications/", notified.notifications, name="notifications"),
    path("notifications/bell/", notified.bell, name="bell"),
    path("notifications/read/", notified.read, name="read-notifications"),
    path("notifications/choices/<str:kind>/", notified.choose, name="choose-notifications"),
    path("notifications/<uuid:pk>/", notified.open_one, name="open-notification"),
    # end feature: notifications
    path("reviews/", visiting.moderation, name="moderation"),
    path("reviews/of/<uuid:ride>/", visiting.write_review, name="write-review"),
    path("reviews/<uuid:pk>/delete/", visiting.delete_review, name="delete-review"),
    path("reviews/<uuid:pk>/moderate/", visiting.moderate, name="moderate"),
    path("my/lists/", visiting.my_lists, name="my-lists"),
    path("my/lists/new/", visiting.edit_list, name="new-list"),
    path("my/lists/<uuid:pk>/", visiting.edit_list, name="edit-list"),
    path("my/lists/<uuid:pk>/delete/", visiting.delete_list, name="delete-list"),
    path("my/lists/add/ride/<uuid:pk>/", visiting.add_to_list, {"kind": "ride"}, name="list-ride"),
    path("my/lists/add/park/<uuid:pk>/", visiting.add_to_list, {"kind": "park"}, name="list-park"),
    path("my/entries/<uuid:pk>/remove/", visiting.remove_from_list, name="remove-from-list"),
]
