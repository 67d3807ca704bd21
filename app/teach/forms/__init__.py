"""What the pages of a cohort post; the rules are in the actions."""

from app.teach.forms.cohorts import CohortForm, CopyForm, SettingsForm, SettingsForms, TrainerForm, settings
from app.teach.forms.helping import shared, verdict

__all__ = ["CohortForm", "CopyForm", "SettingsForm", "SettingsForms", "TrainerForm", "settings", "shared", "verdict"]
