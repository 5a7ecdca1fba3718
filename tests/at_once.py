"""The same moment for several people: acts in threads of their own, each with its own database session."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import Any

from flask import Flask

from app.extensions import db


def at_once(app: Flask, acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all acts together; each one's result, or the exception that it raised, in the order of the acts."""
    results: list[Any] = [None] * len(acts)
    start = Barrier(len(acts))

    def run(place: int, act: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait()
            try:
                results[place] = act()
            except Exception as error:
                results[place] = error
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
