"""The versions of the database, made step by step by Alembic when the program starts."""
