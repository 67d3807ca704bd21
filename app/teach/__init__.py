"""Cohorts: leading one, joining one."""
