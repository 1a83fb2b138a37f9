"""Routes of activities: /activities/…, and of deputies' calendars: /calendar/feed/…"""

from django.urls import URLPattern, URLResolver, include, path

from deputies.views import (
    activity,
    activity_act,
    activity_invite,
    activity_mine,
    activity_own,
    activity_record,
    attendance,
    calendar_feed,
)

activity_patterns: list[URLPattern | URLResolver] = [
    path("", activity.activities, name="list"),
    path("month/", activity.month, name="month"),
    path("new/", activity.new, name="new"),
    path("mine/", activity_mine.mine, name="mine"),
    path("own/new/", activity_own.new, name="own_new"),
    path("<uuid:public_id>/", activity.detail, name="detail"),
    path("<uuid:public_id>/edit/", activity.edit, name="edit"),
    path("<uuid:public_id>/announce/", activity_act.announce, name="announce"),
    path("<uuid:public_id>/hold/", activity_act.hold, name="hold"),
    path("<uuid:public_id>/cancel/", activity_act.cancel, name="cancel"),
    path("<uuid:public_id>/invite/", activity_invite.invite, name="invite"),
    path("<uuid:public_id>/invite/<uuid:part_id>/remove/", activity_invite.uninvite, name="uninvite"),
    path("<uuid:public_id>/attendance/", attendance.attendance, name="attendance"),
    path("<uuid:public_id>/code/", attendance.code, name="code"),
    path("<uuid:public_id>/code/close/", attendance.close, name="code_close"),
    path("<uuid:public_id>/record/", activity_record.record, name="record"),
    path("<uuid:public_id>/record/files/<uuid:file_id>/remove/", activity_record.file_remove, name="file_remove"),
    path("<uuid:public_id>/reopen/", activity_record.reopen, name="reopen"),
    path("<uuid:public_id>/reply/", activity_mine.reply, name="reply"),
    path("<uuid:public_id>/sign-in/", activity_mine.sign_in, name="sign_in"),
    path("<uuid:public_id>/own/", activity_own.edit, name="own_edit"),
    path("<uuid:public_id>/own/withdraw/", activity_own.withdraw, name="own_withdraw"),
    path("<uuid:public_id>/own/confirm/", activity_own.confirm, name="own_confirm"),
    path("<uuid:public_id>/own/return/", activity_own.send_back, name="own_return"),
]
feed_patterns: list[URLPattern | URLResolver] = [
    path("", calendar_feed.mine, name="mine"),
    path("stop/", calendar_feed.stop, name="stop"),
    path("<str:secret>.ics", calendar_feed.feed, name="feed"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("activities/", include((activity_patterns, "activities"))),
    path("calendar/feed/", include((feed_patterns, "calendar_feeds"))),
]
