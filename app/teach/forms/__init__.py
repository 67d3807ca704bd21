"""What the pages of a cohort post; the rules are in the actions."""

from app.teach.forms.cohorts import CohortForm, CopyForm, SettingsForm, SettingsForms, TrainerForm, settings
from app.teach.forms.helping import place, places, shared, verdict
from app.teach.forms.joining import CodeForm, JoinForm, LinkForm, PeopleForm, too_many_codes

__all__ = [
    "CodeForm",
    "CohortForm",
    "CopyForm",
    "JoinForm",
    "LinkForm",
    "PeopleForm",
    "SettingsForm",
    "SettingsForms",
    "TrainerForm",
    "place",
    "places",
    "settings",
    "shared",
    "too_many_codes",
    "verdict",
]
