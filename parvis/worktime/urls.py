"""The addresses of working time."""

from django.urls import path

from parvis.worktime import administering, arriving, assigning, report_pages, views

app_name = "worktime"

urlpatterns = [
    path("working-time/report", report_pages.report, name="report"),
    path("working-time/report.csv", report_pages.sheet, name="report_sheet"),
    path("working-time/now", arriving.now, name="now"),
    path("working-time/arrivals", arriving.arrivals, name="arrivals"),
    path("settings/working-time", views.mine, name="mine"),
    path("settings/working-time/leave", views.leave, name="leave"),
    path("settings/working-time/leave/<uuid:id>/removal", views.cancel_leave, name="cancel_leave"),
    path("administration/working-time", administering.index, name="policies"),
    path("administration/working-time/new", administering.new, name="new"),
    path("administration/working-time/contracts", assigning.contracts, name="contracts"),
    path("administration/working-time/holidays", administering.holidays, name="holidays"),
    path(
        "administration/working-time/representatives", administering.representatives, name="representatives"
    ),
    path("administration/working-time/<uuid:id>", administering.policy, name="policy"),
    path("administration/working-time/<uuid:id>/people", administering.people, name="people"),
    path("administration/working-time/<uuid:id>/removal", administering.remove, name="remove"),
]
