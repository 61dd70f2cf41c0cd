"""Numbers, crypto, clock, text, refusals, failpoints, environment: small tools with known answers."""

import base64
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from shop.core import clock, crypto, numbers, refs, text
from shop.core.errors import NotFound, TooMany
from shop.core.failpoints import FailpointReached, failpoint
from shop.settings import environment as env


class TestNumbers:
    def test_check_digit_is_iso_7064_mod_11_10(self) -> None:
        assert numbers.check_digit("0794") == "5"  # the standard's own example
        assert numbers.check_digit("8609574271") == "9"  # German tax numbers use the same rule
        assert numbers.check_digit("4703689281") == "6"

    def test_a_number_starts_with_the_shanghai_day(self) -> None:
        number = numbers.new(datetime(2026, 1, 31, 16, 30, tzinfo=UTC))
        assert number.startswith("260201")
        assert len(number) == 18
        assert numbers.is_valid(number)

    @given(st.integers(0, 10**11 - 1), st.integers(0, 10), st.integers(1, 9))
    def test_every_single_mistyped_digit_is_noticed(self, body: int, place: int, by: int) -> None:
        code = f"{body:011d}"
        code += numbers.check_digit(code)
        wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
        assert numbers.is_valid(code)
        assert not numbers.is_valid(wrong)

    def test_codes_don_t_repeat_and_other_texts_are_not_numbers(self) -> None:
        assert len({numbers.new_code() for _ in range(1000)}) == 1000
        for wrong in ("", "12", "１２３４５６７８９０１２", "abcdefghijkl", "1" * 13):
            assert not numbers.is_valid(wrong)


class TestCrypto:
    @given(st.text(max_size=200))
    def test_what_is_encrypted_comes_back(self, secret: str) -> None:
        assert crypto.decrypt(crypto.encrypt(secret)) == secret

    def test_the_same_text_never_looks_the_same(self) -> None:
        assert crypto.encrypt("13800138000") != crypto.encrypt("13800138000")

    def test_a_changed_value_or_an_unknown_key_is_refused(self) -> None:
        key_id, _, body = crypto.encrypt("13800138000").partition(":")
        raw = bytearray(base64.b64decode(body))
        raw[-1] ^= 1
        with pytest.raises(ValueError, match="tampered"):
            crypto.decrypt(f"{key_id}:{base64.b64encode(raw).decode()}")
        with pytest.raises(ValueError, match="no key"):
            crypto.decrypt(f"00000000:{body}")

    def test_values_of_an_older_key_stay_readable(self, settings: object) -> None:
        old = base64.b64encode(bytes(32)).decode()
        new = base64.b64encode(bytes(range(32))).decode()
        settings.FIELD_KEY = old  # type: ignore[attr-defined]
        sealed = crypto.encrypt("地址")
        settings.FIELD_KEY = f"{new},{old}"  # type: ignore[attr-defined]
        assert crypto.decrypt(sealed) == "地址"
        assert crypto.encrypt("地址").partition(":")[0] != sealed.partition(":")[0]

    def test_without_good_keys_nothing_is_encrypted_or_hashed(self, settings: object) -> None:
        settings.HASH_KEY = ""  # type: ignore[attr-defined]
        with pytest.raises(ImproperlyConfigured):
            crypto.keyed_hash("a", "phone")
        for wrong in ("", "short", base64.b64encode(bytes(16)).decode()):
            settings.FIELD_KEY = wrong  # type: ignore[attr-defined]
            with pytest.raises(ImproperlyConfigured):
                crypto.encrypt("a")

    def test_hashes_differ_by_purpose(self) -> None:
        assert crypto.keyed_hash("1", "phone") == crypto.keyed_hash("1", "phone")
        assert crypto.keyed_hash("1", "phone") != crypto.keyed_hash("1", "ip")
        assert len(crypto.keyed_hash("1", "phone")) == 64

    def test_a_signed_path_opens_itself_only_and_not_for_ever(self) -> None:
        signed = crypto.sign_path("/media/private/a.pdf", 60)
        path, _, query = signed.partition("?")
        parts = dict(pair.split("=") for pair in query.split("&"))
        assert crypto.check_signed(path, **parts)
        assert not crypto.check_signed("/media/private/b.pdf", **parts)
        assert not crypto.check_signed(path, str(int(parts["expires"]) + 1), parts["signature"])
        assert not crypto.check_signed(path, "x", "y")
        late = crypto.sign_path(path, -1).partition("?")[2]
        assert not crypto.check_signed(path, **dict(pair.split("=") for pair in late.split("&")))


@pytest.mark.django_db
class TestClock:
    def test_now_is_database_time_in_utc(self) -> None:
        moment = clock.now()
        assert moment.tzinfo is UTC
        assert abs(moment - datetime.now(UTC)) < timedelta(seconds=5)
        assert abs(clock.page_now() - clock.now()) < timedelta(seconds=1)

    def test_shifted_moves_every_reader_and_nests(self) -> None:
        with clock.shifted(timedelta(days=2)), clock.shifted(timedelta(hours=1)):
            assert clock.now() - datetime.now(UTC) > timedelta(days=2, minutes=59)
            assert clock.page_now() - datetime.now(UTC) > timedelta(days=2, minutes=59)
        assert clock.now() - datetime.now(UTC) < timedelta(minutes=1)

    def test_reading_the_page_clock_asks_nobody(self, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(0):  # type: ignore[operator]
            clock.page_now()

    def test_the_offset_of_the_settings_counts(self, settings: object) -> None:
        settings.CLOCK_OFFSET_SECONDS = 3600  # type: ignore[attr-defined]
        assert clock.now() - datetime.now(UTC) > timedelta(minutes=59)

    def test_days_are_shanghai_days(self) -> None:
        assert clock.business_day(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
        assert clock.business_day(datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)) == date(2026, 3, 1)
        start, end = clock.day_bounds(date(2026, 3, 2))
        assert (start, end) == (datetime(2026, 3, 1, 16, tzinfo=UTC), datetime(2026, 3, 2, 16, tzinfo=UTC))


class TestText:
    def test_words_of_chinese_titles_are_found(self) -> None:
        words = text.segment("烟台红富士苹果5斤装").split()
        assert "苹果" in words
        assert "富士" in "".join(words)
        assert "pingguo" in text.segment("苹果", pinyin=True).split()
        assert "pg" in text.segment("苹果", pinyin=True).split()
        assert text.segment("ＡＢＣ　Milk!") == "abc milk"

    def test_masks_show_little(self) -> None:
        assert text.mask_phone("13800131234") == "138****1234"
        assert text.mask_phone("12345") == "****45"
        assert (text.mask_name("张三"), text.mask_name("王小明"), text.mask_name("李")) == (
            "张*",
            "王*明",
            "李*",
        )

    def test_rich_text_keeps_an_allow_list(self) -> None:
        dirty = (
            '<h2 onclick="x()">产地</h2><script>alert(1)</script><p style="color:red">甜</p>'
            '<a href="javascript:alert(1)">a</a>'
            '<img src="https://evil.example/x.png"><img src="/media/a_1x1.jpg">'
            '<img src="/media/private/a.jpg"><iframe src="/"></iframe><svg onload="x()"></svg>'
        )
        clean = text.clean_html(dirty)
        assert "<h2>产地</h2>" in clean
        assert '<img src="/media/a_1x1.jpg">' in clean
        for bad in ("script", "onclick", "style", "javascript", "evil", "iframe", "svg", "private"):
            assert bad not in clean

    def test_plain_leaves_words(self) -> None:
        assert text.plain("<p>甜&amp;脆</p><p>多 汁</p>") in ("甜&amp;脆 多 汁", "甜&脆 多 汁")


def test_a_refusal_speaks_and_carries_facts() -> None:
    refusal = TooMany(retry_after=30, what="sms")
    assert refusal.as_dict() == {
        "code": "too_many",
        "message": refusal.message_text,
        "extra": {"retry_after": 30, "what": "sms"},
    }
    assert NotFound().status == 404


def test_references_name_people_without_knowing_them() -> None:
    class Person:
        pk = 7

    assert refs.user(Person()) == "user:7"
    assert refs.user(None) == "anonymous"
    assert refs.user_id("user:7") == 7
    assert refs.user_id("system") is None


def test_failpoints_sleep_until_they_are_named(settings: object) -> None:
    failpoint("here")
    settings.SHOP_FAILPOINTS = "there=raise, here=sleep:0"  # type: ignore[attr-defined]
    failpoint("here")
    with pytest.raises(FailpointReached):
        failpoint("there")


class TestEnvironment:
    def test_the_process_comes_before_the_files(self, tmp_path: Path) -> None:
        file = tmp_path / ".env"
        file.write_text("# note\nexport A=1\nB='two words'\n\nC=\n#D=4\n", encoding="utf-8")
        values = env.Environment({"A": "0"}, env.read_file(file))
        assert values.text("A") == "0"
        assert values.text("B") == "two words"
        assert values.text("C", "x") == ""
        assert values.text("D", "none") == "none"
        assert values.flag("A", True) is False
        assert values.whole("C", 7) == 7
        assert env.read_file(tmp_path / "absent") == {}

    def test_a_database_address_may_be_a_socket(self) -> None:
        found = env.database("postgresql://shop:p%40ss@%2Fvar%2Ftmp%2Fx:5432/shop?sslmode=disable")
        assert found["HOST"] == "/var/tmp/x"
        assert (found["USER"], found["PASSWORD"], found["PORT"], found["NAME"]) == (
            "shop",
            "p@ss",
            "5432",
            "shop",
        )
        assert found["OPTIONS"] == {"sslmode": "disable"}
