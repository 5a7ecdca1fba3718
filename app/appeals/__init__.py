"""Appeals (обращения): messages with a topic to the company, or to a supplier named in an application."""
