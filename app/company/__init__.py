"""The grid company of this installation: settings, suppliers, working calendar, terms, legal texts."""
