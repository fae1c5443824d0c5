"""Telegram: what is said there and by whom, without any library; `aiogram_api` and `light_api` carry it."""
