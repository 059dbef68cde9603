"""At the committee's desk: somebody new moves in, gets a code and a role, and chooses a face."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from e2e.conftest import House
from e2e.furnish import PASSWORD
from e2e.test_first_day import EVERY_PHONE
from e2e.test_joining import agree


@pytest.fixture(scope="module")
def furnished():
    house = House("e2e.furnish")
    yield house
    house.close()


def a_photo() -> bytes:
    out = BytesIO()
    Image.effect_noise((1200, 900), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(("tag", "js"), EVERY_PHONE)
def test_from_the_first_page_of_the_desk_to_a_face_in_the_corner(furnished, phone, tag, js):
    name = f"Kim {tag} {js}"
    lin, kim = phone(furnished, tag, js=js), phone(furnished, tag, js=js)
    lin.sign_in("lin@example.org", PASSWORD)

    lin.open("/admin/people/new")
    lin.fill("Name", name)
    lin.press("Add the person")
    lin.page.wait_for_url(re.compile(r"/admin/people/\d+$"))
    lin.page.locator("summary", has_text=lin.says("Give a role")).click()
    lin.page.get_by_role("combobox", name=lin.says("Role"), exact=True).select_option("coordinator")
    lin.press("Give the role")
    lin.sees("The role is theirs, and they have been told.")
    lin.press("Undo")
    lin.sees("The role has ended.")

    lin.press("Make a code for a first password")
    code = lin.page.locator(".slip .code").inner_text()
    kim.open("/join")
    kim.fill("Code", code)
    kim.press("Continue")
    kim.fill("Phone or e-mail", f"kim{tag}{js}@example.org")
    kim.fill("Password", PASSWORD)
    agree(kim)
    kim.press("Set the password and come in")
    kim.page.wait_for_url(f"{furnished.url}/")

    kim.open("/account")
    kim.page.locator("input[type=file]").set_input_files(
        {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    )
    kim.press("Use this photo")
    kim.sees("Your photo is changed.")
    face = kim.page.locator("header img.face")
    assert face.evaluate("it => it.decode().then(() => it.naturalWidth)") == 240 if js else face.count() == 1


def test_the_list_of_people_narrows_while_somebody_types(furnished, phone):
    lin = phone(furnished, "en")
    lin.sign_in("lin@example.org", PASSWORD)
    page = lin.open("/admin/people")
    found = page.locator("#found li")
    assert found.count() >= 9
    page.get_by_role("searchbox").press_sequentially("ana")
    expect(found).to_have_count(4)
    page.wait_for_url("**q=ana**")
    page.get_by_label("Role").select_option("coordinator")
    page.get_by_text("Nobody found", exact=True).wait_for()
