"""What those see who look for people: the board, a door of it, how far the alert got."""

from app.features.alerts.rules.board import Board, board, board_of, sought
from app.features.alerts.rules.counting import Tally
from app.features.alerts.rules.delivery import Panel, panel
from app.features.alerts.rules.doors import Behind, behind
from app.features.alerts.rules.paper import Paper, paper
from app.features.alerts.rules.walked import walked

__all__ = [
    "Behind",
    "Board",
    "Panel",
    "Paper",
    "Tally",
    "behind",
    "board",
    "board_of",
    "panel",
    "paper",
    "sought",
    "walked",
]
