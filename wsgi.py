"""The door for the web server and the command line: `wsgi:app`."""

from app import create_app

app = create_app()
