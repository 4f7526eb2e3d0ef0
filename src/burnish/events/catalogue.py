"""All events there are, by name."""

from burnish.events import authentication, identity, oidc, profile, question, usage, user
from burnish.events.event import Event

_EVENTS: tuple[type[Event], ...] = (
    user.UserPreCreate,
    user.UserProfilePreUpdate,
    user.UserPreScheduleDeletion,
    user.UserPreScheduleAnonymization,
    authentication.AuthenticationPreInitialize,
    authentication.AuthenticationPostIdentified,
    authentication.AuthenticationPreAuthenticated,
    oidc.OIDCJWTPreCreate,
    oidc.OIDCIDTokenPreCreate,
    user.UserCreated,
    user.UserAuthenticated,
    user.UserReauthenticated,
    user.UserProfileUpdated,
    user.UserDisabled,
    user.UserReenabled,
    user.UserAnonymousPromoted,
    user.UserDeletionScheduled,
    user.UserDeletionUnscheduled,
    user.UserDeleted,
    user.UserAnonymizationScheduled,
    user.UserAnonymizationUnscheduled,
    user.UserAnonymized,
    identity.IdentityEmailAdded,
    identity.IdentityEmailRemoved,
    identity.IdentityEmailUpdated,
    identity.IdentityEmailVerified,
    identity.IdentityEmailUnverified,
    identity.IdentityPhoneAdded,
    identity.IdentityPhoneRemoved,
    identity.IdentityPhoneUpdated,
    identity.IdentityPhoneVerified,
    identity.IdentityPhoneUnverified,
    identity.IdentityUsernameAdded,
    identity.IdentityUsernameRemoved,
    identity.IdentityUsernameUpdated,
    identity.IdentityUsernameVerified,
    identity.IdentityUsernameUnverified,
    identity.IdentityOAuthConnected,
    identity.IdentityOAuthDisconnected,
    identity.IdentityBiometricEnabled,
    identity.IdentityBiometricDisabled,
    usage.UsageAlertTriggered,
    profile.ProfileEnriched,
    profile.ProfileFactExpired,
    question.QuestionAsked,
    question.QuestionAnswered,
    question.QuestionSkipped,
)

CATALOGUE: dict[str, type[Event]] = {event.type: event for event in _EVENTS}

BLOCKING: tuple[str, ...] = tuple(name for name, event in CATALOGUE.items() if event.blocking)

NON_BLOCKING: tuple[str, ...] = tuple(
    name for name, event in CATALOGUE.items() if not event.blocking
)

ALL = "*"
"""In place of a name: every non-blocking event."""
