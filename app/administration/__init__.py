"""«Настройка»: what an administrator changes on the site instead of in the database; owns no table."""
