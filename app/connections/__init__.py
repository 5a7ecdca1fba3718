"""The connection application (заявка на технологическое присоединение): questionnaire, documents, road to a decision."""
