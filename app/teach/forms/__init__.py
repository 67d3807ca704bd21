"""What the pages of a cohort post; the rules are in the actions."""

from app.teach.forms.assignments import AssignForm, DatesForm, ExtendForm, members, of_assignment, whole
from app.teach.forms.cohorts import CohortForm, CopyForm, SettingsForm, SettingsForms, TrainerForm, settings
from app.teach.forms.helping import place, places, shared, verdict
from app.teach.forms.joining import CodeForm, JoinForm, LinkForm, PeopleForm, too_many_codes
from app.teach.forms.sessions import SessionForm, new_session, session

__all__ = [
    "AssignForm",
    "CodeForm",
    "CohortForm",
    "CopyForm",
    "DatesForm",
    "ExtendForm",
    "JoinForm",
    "LinkForm",
    "PeopleForm",
    "SessionForm",
    "SettingsForm",
    "SettingsForms",
    "TrainerForm",
    "members",
    "new_session",
    "of_assignment",
    "place",
    "places",
    "session",
    "settings",
    "shared",
    "too_many_codes",
    "verdict",
    "whole",
]
