"""A neighbour who has a keyboard and nothing else: Tab leads there, and keys do it."""

from collections.abc import Callable
from functools import partial

from playwright.sync_api import Locator

from e2e.conftest import Phone

FARTHEST = 150  # stops on one page


class Keyboard(Phone):
    def tap(self, what: Locator) -> None:
        """Unlike a click, a key waits for no page that it leads to: wait for what is to come before you look."""
        self.reach(what)
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def pick(self, what: Locator) -> None:
        """Of several radio buttons Tab reaches one, and arrows the others."""
        if what.get_attribute("type") == "checkbox":
            self.reach(what)
            self.page.keyboard.press("Space")
        else:
            group = what.get_attribute("name")
            self._tab(lambda: self.page.evaluate("document.activeElement.name") == group, f"the buttons of {group}")
            self.page.keyboard.press("Space")
            for _ in range(FARTHEST):
                if what.is_checked():
                    break
                self.page.keyboard.press("ArrowDown")
        assert what.is_checked()

    def fill(self, label: str, typed: str) -> None:
        field = self.page.get_by_label(self.says(label), exact=True).first
        self.reach(field)
        kind = field.get_attribute("type")
        if kind == "date":
            return self._day(field, typed)
        if kind != "time":
            self.page.keyboard.press("Control+A")
        self.page.keyboard.type(typed.replace(":", "") if kind == "time" else typed)
        assert field.input_value() == typed

    def _day(self, field: Locator, typed: str) -> None:
        """In the order of the browser, which need not be that of its page."""
        year, month, day = typed.split("-")
        for order in (month + day, day + month):
            self.page.keyboard.type(order + year)
            if field.input_value() == typed:
                return
            self.page.keyboard.press("ArrowLeft")
            self.page.keyboard.press("ArrowLeft")
        raise AssertionError(f"{typed} became {field.input_value()}")

    def reach(self, what: Locator) -> None:
        what.first.wait_for()
        here = partial(
            what.first.evaluate, "it => it === document.activeElement"
        )  # also where it was put anew meanwhile
        self._tab(here, what.first.evaluate("it => it.outerHTML.slice(0, 120)"))

    def _tab(self, here: Callable[[], bool], what: str) -> None:
        for _ in range(FARTHEST):
            if here():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not reached by keyboard: {what}")
