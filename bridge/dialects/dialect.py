"""What the engine asks of a dialect: reading calls, writing replies and refusals, telling facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from bridge.dialects.memo import Memo
    from bridge.dialects.view import View
    from bridge.errors import ChatError, ProtocolError
    from bridge.world.kernel.clients import Adapter, Client
    from bridge.world.kernel.devices import Device
    from bridge.world.kernel.facts import Fact
    from bridge.world.kernel.world import World


class Plan(Protocol):
    """
    What is known of a method before it is called.

    Attributes:
        method: the name that clients know it by.
        handler: "module.function" of `bridge/handlers`.
        constants: arguments that the schema itself gives the handler, by name.
        needs: see `devices.require`.
        needs_network: whether the call has to reach the service before anything comes of it.
        adapter: how the client's native side meets what the handler finds.
    """

    method: str
    handler: str | None
    constants: Mapping[str, Any]
    needs: str
    needs_network: bool
    adapter: Adapter


class Call:
    """
    A call as the world understands it.

    Attributes:
        plan: the method.
        args: the handler's arguments by name: world values.
        warnings: sentences for the journal about what was taken although no correct plugin sends it.
        is_done: the native side answers success and passes nothing on.
        text: the bare text of the reply, where it depends on the arguments; None where it does not.
    """

    __slots__ = ("plan", "args", "warnings", "is_done", "text")

    def __init__(self, plan: Any, args: dict[str, Any], warnings: tuple[str, ...] = ()) -> None:
        self.plan = plan
        self.args = args
        self.warnings = warnings
        self.is_done = False
        self.text: str | None = None


class Frame(NamedTuple):
    """
    What one device hears of a fact.

    Attributes:
        name: the kind of listener that it goes to.
        arguments: what it says; without an ear for it, no more than what it would have been about.
        is_early: it comes ahead of the reply of the call that caused it.
        is_heard: somebody listens; else it is lost.
    """

    name: str
    arguments: Any
    is_early: bool
    is_heard: bool


class Dialect(Protocol):
    """
    What a version of the plugin does on a platform between the app and the service. Immutable but for what it has compiled.

    Attributes:
        name: of the dialect. `platform`: one of its platforms.
        client: what the native client under it can do.
        is_ios, has_elements_by_kind, encoders: see `Writer`.
        stays_started: an app believes its client to be started for as long as its process lives, whatever world that is in.
    """

    name: str
    platform: str
    client: Client
    is_ios: bool
    stays_started: bool
    has_elements_by_kind: bool
    encoders: dict[str, Callable[[Any, View], Any]]

    def read(self, method: str, params: Mapping[str, Any], strict: bool, faithful: bool) -> Call:
        """
        Return what a call asks of the service.

        Raises:
            ChatError: the native side refuses it by itself.
            ProtocolError: no correct plugin would make the call or get it answered.
        """

    def public_name(self, method: str, params: Mapping[str, Any]) -> str:
        """Return by which name people know a call: that of the public method of the plugin, where its native side has others."""

    def logs_in(self, method: str, params: Mapping[str, Any]) -> str | None:
        """Return the user whom a call logs in; None for a call that does something else."""

    def handler_of(self, method: str) -> str | None:
        """Return the name of a method's handler; None for one that has none, or is not there."""

    def done(self, call: Call) -> Any:
        """Write the reply to a call that was carried out and of which its handler has nothing to tell (None)."""

    def answer(self, call: Call, value: Any, view: View) -> Any:
        """Write the reply to a call from its handler's value, which is not None."""

    def answer_text(self, call: Call, text: str) -> Any:
        """Write the reply to a call that the native side answers with a text of its own."""

    def refusal(self, method: str, refusal: ChatError) -> Any:
        """Write the reply that says no; a `desc` of None is the code's own text."""

    def refuse(self, call: Call, code: int, desc: str | None, kept: Any, view: View) -> Any:
        """Write the reply that says no and shows what the call has left behind (`kept`, None for nothing)."""

    def empty(self, call: Call) -> Any:
        """Write the emptiest reply that the schema allows, for a method without a handler."""

    def is_silent(self, error: ProtocolError) -> bool:
        """Return whether the real plugin gives no answer where the bridge gives this error."""

    def write(self, name: str, value: Any, view: View) -> Any:
        """Write one map of the SDK; None stays None."""

    def tell(self, fact: Fact, device: Device, world: World, memo: Memo) -> list[Frame]:
        """Write what a device hears of a fact; [] if the dialect says nothing of it."""
