"""Routes of projects being carried out and inspections."""

from django.urls import URLPattern, URLResolver, include, path

from votes.views import inspection, open_works, project, project_acts

project_patterns: list[URLPattern | URLResolver] = [
    path("", project.desk, name="desk"),
    path("export/", project.export, name="export"),
    path("mine/", project.mine, name="mine"),
    path("start/<uuid:programme_id>/", project.start, name="start"),
    path("groups/<uuid:programme_id>/", inspection.groups, name="groups"),
    path("groups/<uuid:programme_id>/new/", inspection.group_new, name="group_new"),
    path("groups/<uuid:programme_id>/<uuid:public_id>/", inspection.group_edit, name="group_edit"),
    path("<uuid:public_id>/", project.detail, name="detail"),
    path("<uuid:public_id>/unit/", project_acts.unit, name="unit"),
    path("<uuid:public_id>/reports/<uuid:report_id>/", project_acts.report, name="report"),
    path("<uuid:public_id>/reports/<uuid:report_id>/return/", project_acts.report_return_, name="report_return"),
    path("<uuid:public_id>/milestones/add/", project_acts.milestone_add_, name="milestone_add"),
    path("<uuid:public_id>/milestones/<int:milestone_id>/", project_acts.milestone_edit, name="milestone_edit"),
    path(
        "<uuid:public_id>/milestones/<int:milestone_id>/remove/",
        project_acts.milestone_remove_,
        name="milestone_remove",
    ),
    path("<uuid:public_id>/milestones/<int:milestone_id>/done/", project_acts.milestone_done_, name="milestone_done"),
    path("<uuid:public_id>/change/", project_acts.change, name="change"),
    path("<uuid:public_id>/changes/<uuid:change_id>/", project_acts.decide, name="decide"),
    path("<uuid:public_id>/finish/", project_acts.finish, name="finish"),
    path("<uuid:public_id>/resume/", project_acts.resume, name="resume"),
    path("<uuid:public_id>/hand-over/", project_acts.hand_over, name="hand_over"),
    path("<uuid:public_id>/inspect/", inspection.record, name="inspect"),
]
inspection_patterns: list[URLPattern | URLResolver] = [
    path("<uuid:public_id>/", inspection.detail, name="detail"),
    path("<uuid:public_id>/answer/", inspection.answer, name="answer"),
    path("<uuid:public_id>/check/", inspection.check, name="check"),
    path("<uuid:public_id>/return/", inspection.return_, name="return"),
]
open_patterns: list[URLPattern | URLResolver] = [
    path("<uuid:public_id>/", open_works.programme, name="programme"),
    path("<uuid:public_id>/pictures/<uuid:picture_id>/", open_works.picture, name="picture"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("works/", include((project_patterns, "projects"))),
    path("inspections/", include((inspection_patterns, "inspections"))),
    path("open/works/", include((open_patterns, "open_works"))),
]
