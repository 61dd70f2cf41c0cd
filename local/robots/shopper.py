"""One robot: a phone number, cookies of its own, and a walk from the shop window to the cashier."""

import random
import re
import time
from urllib.parse import urlsplit

import requests

from local.robots import pages
from local.robots.pages import Button, Form, Page

BROWSER = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
PRODUCT = re.compile(r"/products/\d+/$")
ORDER = re.compile(r"/orders/(\d+)/")
PATIENCE = 20.0


class Lost(RuntimeError):
    """The page was not what it should be; the message says which and how."""


class Shopper:
    """Signs in once and keeps its cookies for the next visit."""

    def __init__(self, phone: str, *, shop: str, sandbox: str, chance: random.Random) -> None:
        self.phone, self.shop, self.sandbox, self.chance = phone, shop, sandbox, chance
        self.session = requests.Session()
        self.session.headers["User-Agent"] = BROWSER
        self.pause = 1.0

    def buy(self) -> str:
        """Walks in, fills the basket, pays mostly; the order's number. Raises Lost, RequestException."""
        window = self._open(f"{self.shop}/")
        goods = sorted({link for link in window.links if PRODUCT.search(urlsplit(link).path)})
        if not goods:
            raise Lost("no goods in the window")
        for link in self.chance.sample(goods, k=min(len(goods), self.chance.choice((1, 1, 2, 3)))):
            self._put_in(self._open(link))
        checkout = self._open(f"{self.shop}/checkout/")
        if "/login/" in checkout.url:
            checkout = self._sign_in(checkout)
        if "/checkout/" not in checkout.url:
            checkout = self._open(f"{self.shop}/checkout/")
        return self._pay(self._place(checkout))

    def _put_in(self, product: Page) -> None:
        form = product.form("/basket/lines/")
        if form is None:
            return
        for options in form.choices().values():
            form.choose(self.chance.choice(options))
        form.fill(quantity=self.chance.choice(("1", "1", "1", "2")))
        self._send(form)

    def _sign_in(self, login: Page) -> Page:
        form = self._form(login, "/login/code/")
        form.fill(phone=self.phone, agree="on")
        ask = next(button for button in form.buttons if button.action.endswith("/login/code/"))
        form = self._form(self._send(form, ask), "/login/")
        form.fill(phone=self.phone, code=self._code(), agree="on")
        arrived = self._send(form, Button("", "", ""))
        if "/login/" in arrived.url:
            raise Lost("the code did not open the door")
        return arrived

    def _code(self) -> str:
        """From the phone's messages: the sandbox's inbox."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answer = self.session.get(
                f"{self.sandbox}/_control/sms", params={"phone": self.phone}, timeout=PATIENCE
            )
            for message in answer.json():
                if message.get("code"):
                    return str(message["code"])
            time.sleep(0.5)
        raise Lost("no text message came")

    def _place(self, checkout: Page) -> Page:
        form = self._form(checkout, "/checkout/place/")
        if self.chance.random() < 0.4:
            store = self._open(f"{self.shop}/checkout/?mode=pickup")
            form = store.form("/checkout/place/") or form
        slots = form.choices().get("slot", [])
        if slots:
            form.choose(self.chance.choice(slots[:6]))
        placed = self._send(form)
        if not ORDER.search(placed.url) and "/cashier" not in placed.url:
            raise Lost(f"the order was not taken: {placed.url}")
        return placed

    def _pay(self, page: Page) -> str:
        """At the sandbox's cashier; one in ten thinks it over."""
        if "/cashier" not in page.url:
            cashier = next((link for link in page.links if "/cashier" in link), "")
            if not cashier:
                return _number(page)
            page = self._open(cashier)
        form = self._form(page, "/cashier")
        has_second_thoughts = self.chance.random() < 0.1
        wanted = "cancel" if has_second_thoughts else "pay"
        button = next((one for one in form.buttons if one.value == wanted), None)
        if button is None:
            form = next((one for one in page.forms if any(b.value == wanted for b in one.buttons)), form)
            button = next((one for one in form.buttons if one.value == wanted), None)
        if button is None:
            raise Lost("the cashier has no button to pay")
        after = self._send(form, button)
        back = next((link for link in after.links if link.startswith(self.shop)), "")
        return _number(self._open(back) if back else after)

    def _form(self, page: Page, ending: str) -> Form:
        form = page.form(ending)
        if form is None:
            raise Lost(f"no form to {ending} on {page.url}")
        return form

    def _open(self, url: str) -> Page:
        time.sleep(self.pause * self.chance.uniform(0.5, 1.5))
        return self._read(self.session.get(url, timeout=PATIENCE))

    def _send(self, form: Form, button: Button | None = None) -> Page:
        time.sleep(self.pause * self.chance.uniform(0.5, 1.5))
        address = button.action if button and button.action else form.action
        if form.method == "post":
            return self._read(self.session.post(address, data=form.data(button), timeout=PATIENCE))
        return self._read(self.session.get(address, params=form.data(button), timeout=PATIENCE))

    def _read(self, answer: requests.Response) -> Page:
        if answer.status_code >= 500:
            raise Lost(f"{answer.status_code} on {answer.url}")
        return pages.read(answer.url, answer.text)


def _number(page: Page) -> str:
    found = ORDER.search(page.url)
    return found.group(1) if found else ""
