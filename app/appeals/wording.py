"""Words of this subject that stand in several places. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

#: What the company posts into an appeal: code of the document's kind → short title.
COMPANY_POSTS: Mapping[str, str] = MappingProxyType({"letter": "Письмо", "other": "Иной документ"})
