"""Documents as a kind of work for the dispatcher: a queue of their own, so that no letter waits behind a printing."""

from app.cases import rendering_actions, rendering_queries
from app.notifications.dispatcher import Work

#: Without the queue documents wait: a dispatcher that prints would hold up the letters, and carry WeasyPrint.
DOCUMENTS = Work(
    queue="documents",
    job="jobs.documents.make",
    word="document",
    due=rendering_queries.due,
    free_lost=rendering_actions.free_lost,
)
