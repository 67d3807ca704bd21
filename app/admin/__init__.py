"""Running the site: mails, the audit trail, people."""
