"""A fresh copy of the little county's register for every test, and the site on it."""

import re
import shutil
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from register import catalogue
from register.cases import checking
from register.cases import review as desk
from register.cases.review import Review
from tests.web import little_county
from web import assets, create_app
from web.config import SiteConfig

FEW = tuple(rule for rule in catalogue.RULES if rule.code.startswith("NAM10"))


@contextmanager
def a_few_rules():
    """The desk runs a few rules: pages are the same for any, and every change checks again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk, "catalogue", SimpleNamespace(RULES=FEW))
        patch.setattr(desk, "rules_reading", lambda layers: checking.rules_reading(layers, FEW))
        yield


@pytest.fixture
def few_rules():
    """The same for the length of a test, so that tests elsewhere see all rules."""
    with a_few_rules():
        yield


@pytest.fixture(scope="session")
def checked_register(tmp_path_factory):
    """The register, checked once: its findings are kept in the file."""
    path = little_county.build(tmp_path_factory.mktemp("county") / "county.gpkg")
    with a_few_rules():
        Review(str(path), little_county.TODAY).refresh()
    return path


@pytest.fixture
def register_path(checked_register, few_rules, tmp_path):
    return shutil.copy(checked_register, tmp_path / "county.gpkg")


@pytest.fixture
def app(register_path):
    if not all((assets.VENDOR / name).is_file() for name in assets.files()):
        pytest.fail("front-end files are missing: run `make assets`")
    return create_app(register_path, config=SiteConfig(actor="李敏"), today=little_county.TODAY)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def fingerprint(app):
    """Fingerprints of the surplus-blank findings by record id."""
    findings, _ = app.extensions["review"].findings(rule="NAM102")
    return {one["record_id"]: one["fingerprint"] for one in findings}


@pytest.fixture
def send(client):
    """Post a form with the token that a page gave, asking for JSON as our scripts do."""

    def post(address, **form):
        token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/rules").text)[1]
        return client.post(address, data=form, headers={"X-CSRF-Token": token, "Accept": "application/json"})

    return post
