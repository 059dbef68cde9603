"""The app on a phone: what is there without a signal, what is kept while typing, what is gone after signing out."""

from app.build_static import build
from e2e.furnish import PASSWORD

KEPT_PAGES = """async () => {
  const pages = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) pages.push(new URL(request.url).pathname);
  return pages;
}"""
NOTED = "navigator.serviceWorker.ready.then(() => caches.match('/language')).then((noted) => noted?.text())"
FULL = "() => { Cache.prototype.put = async () => { throw new DOMException('', 'QuotaExceededError'); }; }"
DRAFTS = "Object.keys(localStorage).concat(Object.keys(sessionStorage)).filter((name) => name.startsWith('draft:'))"


def noted_by(who) -> None:
    """The worker is there, and has noted which language its reader speaks: the page says it and does not wait."""
    who.until(lambda: who.page.evaluate(NOTED) == who.tag)


def test_without_a_signal_there_is_a_page_in_the_readers_language_and_nothing_private_was_kept(house, phone):
    home = house("e2e.furnish")
    for tag in ("en", "zh-Hans"):
        ana = phone(home, tag)
        ana.sign_in("ana0@example.org", PASSWORD)
        ana.open("/account")
        noted_by(ana)

        ana.page.context.set_offline(True)
        ana.open("/account/sessions")

        ana.sees("No connection")
        assert ana.page.locator("html").get_attribute("lang") == tag
        assert ana.page.evaluate("getComputedStyle(document.querySelector('.btn')).borderStyle") == "solid"
        kept = set(ana.page.evaluate(KEPT_PAGES))
        assert {page for page in kept if not page.startswith("/static/")} == {"/offline", "/language"}

        ana.page.context.set_offline(False)
        ana.open("/account/sessions")
        ana.sees("Where you are signed in")


def test_a_phone_that_is_full_shows_its_pages_all_the_same(house, phone):
    ana = phone(house("e2e.furnish"))
    ana.open("/sign-in")
    noted_by(ana)
    ana.page.reload()
    ana.until(lambda: ana.page.evaluate("navigator.serviceWorker.controller !== null"))
    ana.until(lambda: ana.context.service_workers)
    ana.context.service_workers[0].evaluate(FULL)
    apart = build()["icons/app-512.png"]  # not among what is kept at once
    answer = ana.page.evaluate("(path) => fetch(path).then((it) => it.status, String)", f"/static/{apart}")
    assert answer == 200
    assert apart not in ana.page.evaluate(KEPT_PAGES)


def test_what_was_typed_comes_back_until_it_is_sent_and_a_password_never_does(house, phone):
    ana = phone(house("e2e.furnish"))
    ana.sign_in("ana0@example.org", PASSWORD)
    ana.open("/account")
    ana.fill("Your name", "Ana Maria")
    ana.page.wait_for_timeout(600)
    ana.open("/account/security")
    ana.page.locator("input[type=password]").last.fill("a secret of mine")
    ana.page.wait_for_timeout(600)

    ana.open("/")
    ana.open("/account")
    ana.sees("What you typed before is back.")
    assert ana.page.get_by_label("Your name").input_value() == "Ana Maria"
    assert "a secret" not in ana.page.evaluate("JSON.stringify([localStorage, sessionStorage])")

    ana.press("Save")
    ana.sees("Saved.")
    assert ana.page.evaluate(DRAFTS) == []
    ana.open("/account/security")
    assert ana.page.locator("input[type=password]").last.input_value() == ""


def test_what_cannot_be_sent_stays_in_the_form_and_goes_out_later(house, phone):
    ana = phone(house("e2e.furnish"))
    ana.sign_in("ana0@example.org", PASSWORD)
    ana.open("/account")
    ana.page.context.set_offline(True)
    ana.fill("Your name", "Ana Maria")
    ana.press("Save")
    ana.sees("It could not be sent. What you typed is still here; please try again when there is a signal.")
    assert ana.page.get_by_label("Your name").input_value() == "Ana Maria"

    ana.page.context.set_offline(False)
    ana.press("Save")
    ana.sees("Saved.")
    assert ana.page.get_by_label("Your name").input_value() == "Ana Maria"


def test_a_form_pressed_three_times_is_sent_once(house, phone):
    ana = phone(house("e2e.furnish"))
    ana.sign_in("ana0@example.org", PASSWORD)
    ana.open("/account")
    sent = []
    ana.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    save = "form[action='/account/settings'] .btn"
    ana.page.evaluate(f'const save = document.querySelector("{save}"); save.click(); save.click(); save.click()')
    ana.sees("Saved.")

    assert len(sent) == 1


def test_signing_out_forgets_what_was_being_typed(house, phone):
    ana = phone(house("e2e.furnish"))
    ana.sign_in("ana0@example.org", PASSWORD)
    ana.open("/account")
    ana.fill("Your name", "Ana Maria")
    ana.until(lambda: ana.page.evaluate(DRAFTS))

    ana.press("Sign out")
    ana.page.wait_for_url(ana.house.url + "/")

    assert ana.page.evaluate(DRAFTS) == []


def test_the_first_mistake_has_the_focus(house, phone):
    ana = phone(house("e2e.furnish"))
    ana.sign_in("ana0@example.org", PASSWORD)
    ana.open("/account")
    ana.fill("Your name", "")
    ana.press("Save")

    ana.sees("What you typed is still here.")
    assert ana.page.evaluate("document.activeElement.name") == "name"


def test_a_phone_can_install_it(house, phone):
    ana = phone(house("e2e.furnish"))
    ana.open("/")
    devtools = ana.page.context.new_cdp_session(ana.page)

    manifest = devtools.send("Page.getAppManifest")
    wrong = devtools.send("Page.getInstallabilityErrors")

    assert manifest["errors"] == []
    # a browser without a profile folder installs nothing; nothing else may stand in the way
    assert {each["errorId"] for each in wrong["installabilityErrors"]} <= {"in-incognito"}
