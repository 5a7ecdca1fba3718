"""The door for the web server and the command line: `wsgi:app`."""

import os

from app import create_app

app = create_app()

if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
    from app.cli import migrations

    migrations.init_app(app)
