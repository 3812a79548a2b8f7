"""A native app beside phones, in one world."""

from __future__ import annotations

from typing import cast

from bridge.catalogue import load
from bridge.catalogue.native import NativeCatalogue
from tests.support.native import NATIVE, NativeApp
from tests.support.native_checks import Checks
from tests.support.stage import Stage

CATALOGUE = cast(NativeCatalogue, load(NATIVE))


class NativeBeside(NativeApp):
    """A native app of a user's on a stage for phones; what it has heard so far is forgotten."""

    def __init__(self, stage: Stage, user: str) -> None:
        stage.emulator.taps.remove_all_listeners()  # the referee knows channels alone
        stage.checks = Checks(CATALOGUE)  # type: ignore[attr-defined]  # what a native app looks for on its stage
        stage.catalogue = CATALOGUE  # type: ignore[attr-defined]
        dialect, stage.dialect = stage.dialect, NATIVE
        super().__init__(stage, f"{user}'s native")  # type: ignore[arg-type]  # it is a stage as far as an app looks
        stage.dialect = dialect
        self.switch_on()
        self.returned("DartRegisterSendPort", send_port=1)
        assert 0 == self.returned("DartInitSDK", sdk_app_id=1400000000, json_sdk_config={})
        self.user = user
        self.call("DartLogin", user_id=user, user_sig="sig")
        self.heard()
