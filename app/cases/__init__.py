"""The case (обращение): list, page, numbers, messages, unread marks, clock, archive, document links."""
