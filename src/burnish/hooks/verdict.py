"""What a hook answered, checked against what its event allows."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from burnish.attributes.faults import Fault

AMR = frozenset(
    """
    mfa otp pwd sms x_primary_oob_otp_email x_primary_oob_otp_sms x_primary_password
    x_recovery_code x_secondary_oob_otp_email x_secondary_oob_otp_sms x_secondary_password
    x_secondary_totp
    """.split()
)


@dataclass(frozen=True, slots=True)
class Allow:
    """The operation may go on; with these members beside `is_allowed`."""

    members: Mapping[str, Any] = field(default_factory=dict)

    @property
    def user(self) -> Mapping[str, Any]:
        """`mutations.user`, or nothing."""
        return self.mutation("user")

    def mutation(self, member: str) -> Mapping[str, Any]:
        """Return what `mutations` says of a member of the payload, or nothing."""
        mutation: Mapping[str, Any] = self.members.get("mutations", {}).get(member, {})
        return mutation


@dataclass(frozen=True, slots=True)
class Deny:
    """The operation may not go on; both texts may be empty and are meant for the person."""

    title: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Invalid:
    """The answer is none that the event knows."""

    faults: tuple[Fault, ...]


def read(body: Any, may_return: frozenset[str]) -> Allow | Deny | Invalid:
    """Return the verdict in a hook's answer to an event that allows the members `may_return`."""
    if not isinstance(body, Mapping):
        return _invalid("", f"must be an object such as {{is_allowed: true}}, not {_kind(body)}")
    if not isinstance(body.get("is_allowed"), bool):
        return _invalid("/is_allowed", "must be true or false")
    if body["is_allowed"]:
        faults = _closed("", body, {"is_allowed", *may_return})
        for name, check in _MEMBERS.items():
            if name in body and name in may_return:
                faults += check(f"/{name}", body[name])
        members = {name: value for name, value in body.items() if name != "is_allowed"}
        return Invalid(tuple(faults)) if faults else Allow(members)
    faults = _closed("", body, {"is_allowed", "title", "reason"})
    for name in ("title", "reason"):
        if not isinstance(body.get(name, ""), str):
            faults.append(Fault(f"/{name}", "must be text"))
    if faults:
        return Invalid(tuple(faults))
    return Deny(body.get("title", ""), body.get("reason", ""))


def _invalid(path: str, message: str) -> Invalid:
    return Invalid((Fault(path or "/", message),))


def _kind(value: Any) -> str:
    if value is None:
        return "null or nothing"
    return {list: "an array", str: "a string", bool: "a boolean"}.get(type(value), "a number")


def _closed(path: str, value: Mapping[str, Any], allowed: set[str]) -> list[Fault]:
    return [
        Fault(f"{path}/{name}", f"is not allowed here; allowed: {', '.join(sorted(allowed))}")
        for name in value
        if name not in allowed
    ]


def _object(path: str, value: Any) -> list[Fault]:
    return [] if isinstance(value, Mapping) else [Fault(path, "must be an object")]


def _mutations(path: str, value: Any) -> list[Fault]:
    if faults := _object(path, value):
        return faults
    faults = _closed(path, value, {"user", "jwt", "id_token"})
    parts = {
        "user": (
            "standard_attributes",
            "custom_attributes",
            "standard_attributes_patch",
            "custom_attributes_patch",
        ),
        "jwt": ("payload",),
        "id_token": ("payload",),
    }
    for target, members in parts.items():
        if target not in value:
            continue
        if wrong := _object(f"{path}/{target}", value[target]):
            faults += wrong
            continue
        for member in members:
            if member in value[target]:
                faults += _object(f"{path}/{target}/{member}", value[target][member])
    user = value.get("user")
    for member in ("roles", "groups"):
        if isinstance(user, Mapping) and user.get(member) is not None:
            faults += _strings(f"{path}/user/{member}", user[member])
    return faults


def _strings(path: str, value: Any) -> list[Fault]:
    good = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return [] if good else [Fault(path, "must be an array of strings")]


def _constraints(path: str, value: Any) -> list[Fault]:
    if faults := _object(path, value):
        return faults
    faults = _closed(path, value, {"amr"})
    if "amr" in value:
        faults += _strings(f"{path}/amr", value["amr"]) or [
            Fault(f"{path}/amr/{index}", f"must be one of {', '.join(sorted(AMR))}")
            for index, item in enumerate(value["amr"])
            if item not in AMR
        ]
    return faults


def _bot_protection(path: str, value: Any) -> list[Fault]:
    if faults := _object(path, value):
        return faults
    faults = _closed(path, value, {"mode"})
    if "mode" in value and value["mode"] not in ("never", "always"):
        faults.append(Fault(f"{path}/mode", "must be never or always"))
    return faults


def _rate_limits(path: str, value: Any) -> list[Fault]:
    if faults := _object(path, value):
        return faults
    names = {"authentication.general", "authentication.account_enumeration"}
    faults = _closed(path, value, names)
    for name in names & set(value):
        limit = value[name]
        if wrong := _object(f"{path}/{name}", limit):
            faults += wrong
            continue
        faults += _closed(f"{path}/{name}", limit, {"weight"})
        weight = limit.get("weight", 0)
        is_number = isinstance(weight, int | float) and not isinstance(weight, bool)
        if not is_number or not math.isfinite(weight) or weight < 0:
            faults.append(Fault(f"{path}/{name}/weight", "must be a number from 0 up"))
    return faults


_MEMBERS = {
    "mutations": _mutations,
    "constraints": _constraints,
    "bot_protection": _bot_protection,
    "rate_limits": _rate_limits,
}
