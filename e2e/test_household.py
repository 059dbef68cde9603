"""A card from the first word to the list of who looked: filled in, opened to the steward, read, and closed again."""

import pytest
from playwright.sync_api import expect

from e2e.conftest import House
from e2e.furnish import PASSWORD
from e2e.test_first_day import EVERY_PHONE


@pytest.fixture(scope="module")
def furnished():
    house = House("e2e.furnish_household")
    yield house
    house.close()


@pytest.mark.parametrize(
    ("pair", "tag", "js"),
    [
        pytest.param(pair, tag, js, marks=[pytest.mark.postgres] if pair == 2 else [])
        for pair, (tag, js) in enumerate(EVERY_PHONE)
    ],
)
def test_the_steward_sees_exactly_what_the_household_opened_and_the_look_is_in_the_list(
    furnished, phone, pair, tag, js
):
    ana, ben = phone(furnished, tag, js=js), phone(furnished, tag, js=js)
    ana.sign_in(f"ana{pair}@example.org", PASSWORD)
    ben.sign_in(f"ben{pair}@example.org", PASSWORD)

    ana.press("To the card")
    ana.press("Fill in the card")
    ana.fill("Name", "林小雨")
    ana.page.get_by_label(ana.says("Phone"), exact=True).fill("12")
    ana.page.locator("[name=pets]").fill("一只猫")
    ana.page.locator("[name=notes]").fill("煤气阀在水槽下面")
    ana.page.locator("[name=who_notes]").select_option("stewards")
    ana.press("Save")
    ana.sees("That phone number cannot be right. Please look again.")
    expect(ana.page.locator("[name=notes]")).to_have_value("煤气阀在水槽下面")
    ana.page.get_by_label(ana.says("Phone"), exact=True).fill("138 0013 8000")
    ana.press("Save")
    ana.page.wait_for_url("**/household?home=*")

    look(ben, pair)
    main = ben.page.locator("main")
    expect(main).to_contain_text("煤气阀在水槽下面")
    expect(main).not_to_contain_text("林小雨")
    expect(main).not_to_contain_text("一只猫")
    ana.open("/account/privacy")
    ana.sees("Nobody has looked at anything of yours that is only for those who keep watch.")

    ana.page.locator("select[name^=emergency_contact]").select_option("stewards")
    ana.page.locator("select[name^=notes]").select_option("me")
    ana.press("Save")
    ana.sees("Saved.")
    look(ben, pair)
    expect(main).to_contain_text("林小雨")
    expect(main).not_to_contain_text("煤气阀在水槽下面")
    ben.sees("Something here is only for those who keep watch. That you looked is noted, and they can read it.")

    ana.open("/account/privacy")
    expect(ana.page.locator("main")).to_contain_text(f"Ben{pair}")
    ana.sees("saw %(what)s", what=ana.says("your emergency contact"))


def look(steward, pair: int) -> None:
    """From the account by way of the list: nobody knows the number of a household."""
    steward.open("/account")
    steward.page.get_by_text(steward.says("Households you look after")).click()
    steward.page.get_by_text(f"Ana{pair}").first.click()
    steward.page.wait_for_url("**/households/*")
    expect(steward.page.locator("main")).to_contain_text(f"Ana{pair}")


def test_a_consent_is_given_for_a_purpose_and_taken_back_with_what_was_kept(furnished, phone):
    ana = phone(furnished, "en", js=False)
    ana.sign_in("ana0@example.org", PASSWORD)
    ana.open("/account/needs")
    ana.fill("What you need", "Insulin in the fridge")
    ana.press("Save")
    ana.sees("They are kept only with your consent.")
    ana.page.locator("[name=agrees]").check()
    ana.press("Save")
    ana.sees("Saved.")
    ana.open("/account/needs")
    ana.press("Take back my consent and erase it")
    ana.sees("Your consent has ended, and your special needs are erased.")
    expect(ana.page.locator("[name=needs]")).to_have_value("")
