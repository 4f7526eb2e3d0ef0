"""Events about how much of something was used."""

from dataclasses import dataclass
from typing import Any, ClassVar

from burnish.events.event import Event


@dataclass(frozen=True, slots=True)
class UsageAlertTriggered(Event):
    """A quota was reached: `action` is what was counted, `period` a `day` or a `month`."""

    type: ClassVar[str] = "usage.alert.triggered"

    name: str
    action: str
    period: str
    quota: int
    current_value: int
    plan_name: str = ""

    def payload(self) -> dict[str, Any]:
        return {
            "usage": {
                "name": self.name,
                "action": self.action,
                "period": self.period,
                "quota": self.quota,
                "current_value": self.current_value,
                "plan_name": self.plan_name,
            }
        }
