"""Parts of the page of a case that this subject brings."""

from app.cases.panels import Panel

PANELS: tuple[Panel, ...] = ()
