"""The dispatcher as a program: `python -m jobs.dispatcher`. The loop of `flask dispatch` without the command line's weight."""

from app.cli.dispatch import watch
from jobs.application import application

if __name__ == "__main__":
    watch(application())
