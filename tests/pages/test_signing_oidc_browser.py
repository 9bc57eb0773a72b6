"""Signing in through a provider in a real Chromium: two origins, their redirects, and the cookies a browser really sends."""

from playwright.sync_api import Browser

from app.db import Database
from app.deps import Clock
from app.services import identities
from tests import factories
from tests.pages.chromium import browser as browser
from tests.pages.chromium import picture, running
from tests.pages.provider import CLIENT, SECRET, providing


def test_a_person_signs_in_elsewhere_and_is_back_where_they_were(
    sqlite_database: Database, sqlite_url: str, browser: Browser
) -> None:
    factories.world(sqlite_database)
    with providing(Clock().now) as provider:
        with sqlite_database.changing(factories.stamp()) as session:
            identities.link(session, factories.SYSTEM, "investor", provider.address, "s-1", factories.at())
        more = {"oidc_issuer": provider.address, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
        with running(sqlite_url, **more) as address:
            context = browser.new_context(locale="vi-VN", java_script_enabled=False)
            page = context.new_page()
            page.goto(f"{address}/my")
            picture(page, "sign-in-elsewhere")
            page.get_by_role("link", name="Đăng nhập bằng OpenID Connect").click()
            page.wait_for_url(f"{address}/my")
            assert page.get_by_text("Đang đăng nhập: investor").is_visible()
            names = {cookie["name"] for cookie in context.cookies()}
            assert names == {"tracker_session"}
            page.get_by_role("button", name="Đăng xuất").click()
            provider.subject = "somebody-else"
            page.goto(f"{address}/sign-in?next=/my")
            page.get_by_role("link", name="Đăng nhập bằng OpenID Connect").click()
            assert "Chưa có tài khoản nào" in page.get_by_role("alert").inner_text()
            assert page.get_by_text("somebody-else").is_visible()
            picture(page, "sign-in-elsewhere-unknown")
            context.close()
