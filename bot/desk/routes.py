"""All routes of the desk, in the order in which they are matched."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from bot.desk.case_file import case_file_routes
from bot.desk.case_routes import case_routes
from bot.desk.change_routes import change_routes
from bot.desk.guard import Desk
from bot.desk.login_routes import login_routes
from bot.desk.member_routes import member_routes
from bot.desk.pages import desk_pages
from bot.desk.queue_routes import queue_routes


def desk_routes(desk: Desk) -> Sequence[APIRouter]:
    """API and pages."""
    parts = (
        login_routes, queue_routes, case_routes, member_routes, change_routes, case_file_routes,
        desk_pages,
    )  # fmt: skip
    return [part(desk) for part in parts]
