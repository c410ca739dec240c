"""The application object, for `flask run` and gunicorn."""

from hiring.application import create_app

app = create_app()
