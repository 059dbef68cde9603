from typing import Annotated

from litestar import Controller
from litestar.params import QueryParameter

from app.features.people.tables import Kind

PageNumber = Annotated[int | None, QueryParameter(name="page")]


class Desk(Controller):
    """Every page of the desk is for administrators: phones, e-mails and addresses stand on them."""

    opt = {"only": (Kind.administrator,)}
