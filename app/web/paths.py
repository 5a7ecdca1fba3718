"""Paths that came from outside and may be followed: only pages of this site, rebuilt from harmless characters.

Knows text only: no request, no address of the site.
"""

import re

#: Own addresses are short; a longer one is no address of a page here.
LONGEST = 1000

# Pages of the site begin with a letter or a digit after the slash; «//», «/\» and a tab after it lead to other sites.
_PATH = re.compile(r"/(?:[A-Za-z0-9][A-Za-z0-9_~.-]*(?:/[A-Za-z0-9_~.-]+)*/?)?")
_QUERY = re.compile(r"[A-Za-z0-9_~.%=&+,*()!$':@/-]*")


def safe_path(text: str) -> str:
    """The same path when it leads to a page of this site, otherwise the empty string; a fragment is cut off."""
    if len(text) > LONGEST:
        return ""
    path, question, query = text.partition("#")[0].partition("?")
    if not (_PATH.fullmatch(path) and _QUERY.fullmatch(query)) or ".." in path:
        return ""
    return path + question + query
