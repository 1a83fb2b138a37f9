"""Routes of the duty file, its checks, contests and yearly freezes, and of the rolls of sessions."""

from django.urls import URLPattern, URLResolver, include, path

from deputies.views import duty, duty_contest, duty_year, session_attendance

duty_patterns: list[URLPattern | URLResolver] = [
    path("", duty.file_list, name="list"),
    path("mine/", duty.mine, name="mine"),
    path("absences/", session_attendance.absences, name="absences"),
    path("export/", duty.export_all, name="export_all"),
    path("files/<uuid:public_id>/", duty.file_now, name="file_now"),
    path("files/<uuid:public_id>/missing/", duty_contest.missing, name="missing"),
    path("files/<uuid:public_id>/<slug:period>/", duty.file, name="file"),
    path("files/<uuid:public_id>/<slug:period>/print/", duty.print_view, name="print"),
    path("files/<uuid:public_id>/<slug:period>/export/", duty.export, name="export"),
    path("files/<uuid:public_id>/<slug:period>/check/", duty.check, name="check"),
    path("entries/<uuid:public_id>/contest/", duty_contest.contest, name="contest_entry"),
    path("contests/", duty_contest.contest_list, name="contests"),
    path("contests/<uuid:public_id>/", duty_contest.detail, name="contest"),
    path("contests/<uuid:public_id>/accept/", duty_contest.accept, name="contest_accept"),
    path("contests/<uuid:public_id>/refuse/", duty_contest.refuse, name="contest_refuse"),
    path("contests/<uuid:public_id>/withdraw/", duty_contest.withdraw, name="contest_withdraw"),
    path("years/", duty_year.year_list, name="years"),
    path("years/<uuid:public_id>/", duty_year.detail, name="year"),
    path("years/<uuid:public_id>/text/", duty_year.text, name="year_text"),
    path("years/<uuid:congress_id>/<int:year>/close/", duty_year.close, name="year_close"),
    path("sessions/<uuid:congress_id>/", session_attendance.sessions, name="sessions"),
    path("sessions/<uuid:congress_id>/<int:session_id>/", session_attendance.roll, name="roll"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("duty/", include((duty_patterns, "duty")))]
