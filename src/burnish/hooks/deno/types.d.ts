/**
 * The type names a hook script may use. They are there without an import; an import of them from
 * https://deno.land/x/authgear_deno_hook (any version) works too, and is answered by this file.
 */

// What a hook answers

export type AMR =
  | "mfa"
  | "otp"
  | "pwd"
  | "sms"
  | "x_primary_oob_otp_email"
  | "x_primary_oob_otp_sms"
  | "x_primary_password"
  | "x_recovery_code"
  | "x_secondary_oob_otp_email"
  | "x_secondary_oob_otp_sms"
  | "x_secondary_password"
  | "x_secondary_totp";

export type AMRConstraint = AMR;

/** Means of authentication that must be used before the flow may end. */
export interface Constraints {
  amr?: AMRConstraint[];
}

export type BotProtectionRiskMode = "never" | "always";

export interface BotProtectionRequirements {
  mode?: BotProtectionRiskMode;
}

/** How many attempts this one counts for; 1 if left out. */
export interface RateLimitRequirements {
  weight?: number;
}

export interface RateLimits {
  "authentication.general"?: RateLimitRequirements;
  "authentication.account_enumeration"?: RateLimitRequirements;
}

export type UserMutationsStandardAttributes = UserStandardAttributes;
export type UserMutationsCustomAttributes = UserCustomAttributes;

/** A merge patch (RFC 7396): what it does not name stays as it is, and null deletes. */
export type AttributesPatch = Record<string, unknown>;

/**
 * An object that is given replaces the whole one; one that is left out stays as it is.
 * The patches change only what they name, so nothing is lost by accident: prefer them.
 */
export interface UserMutations {
  standard_attributes?: UserMutationsStandardAttributes;
  custom_attributes?: UserMutationsCustomAttributes;
  standard_attributes_patch?: AttributesPatch;
  custom_attributes_patch?: AttributesPatch;
  roles?: string[];
  groups?: string[];
}

export interface MutationsOnUser {
  user?: UserMutations;
}

export type JWTPayloadMutations = JWTPayload;

/** Every claim of the original must still be there: claims can be added only. */
export interface JWTMutations {
  payload?: JWTPayloadMutations;
}

export interface MutationsOnJWT {
  jwt?: JWTMutations;
}

export interface MutationsOnIDToken {
  id_token?: JWTMutations;
}

/** Stop what is about to happen; the user is shown title and reason. */
export interface HookResponseDisallowed {
  is_allowed: false;
  title?: string;
  reason?: string;
}

export interface HookResponseAllowed {
  is_allowed: true;
  mutations?: MutationsOnUser & MutationsOnJWT & MutationsOnIDToken;
  constraints?: Constraints;
  bot_protection?: BotProtectionRequirements;
  rate_limits?: RateLimits;
}

export type HookResponse = HookResponseAllowed | HookResponseDisallowed;

// Whom an event is about

/** What became of an attribute: null where there was or is no value. */
export interface AttributeChange {
  attribute: string;
  // deno-lint-ignore no-explicit-any -- attributes have values of every type
  old: any;
  // deno-lint-ignore no-explicit-any -- attributes have values of every type
  new: any;
}

export interface EntityBase {
  id: string;
  created_at: string;
  updated_at: string;
}

export interface StandardAttributesAddress {
  formatted?: string;
  street_address?: string;
  locality?: string;
  region?: string;
  postal_code?: string;
  country?: string;
}

/** The claims OpenID Connect defines for a person. */
export interface UserStandardAttributes {
  sub?: string;
  name?: string;
  given_name?: string;
  family_name?: string;
  middle_name?: string;
  nickname?: string;
  preferred_username?: string;
  profile?: string;
  picture?: string;
  website?: string;
  email?: string;
  email_verified?: boolean;
  gender?: string;
  birthdate?: string;
  zoneinfo?: string;
  locale?: string;
  phone_number?: string;
  phone_number_verified?: boolean;
  address?: StandardAttributesAddress;
  updated_at?: number;
}

export interface UserCustomAttributes {
  // deno-lint-ignore no-explicit-any -- attributes are defined by the administrator
  [name: string]: any;
}

export interface UserWeb3Info {
  accounts?: unknown[];
}

export interface User extends EntityBase {
  last_login_at?: string;
  is_anonymous: boolean;
  is_verified: boolean;
  is_disabled: boolean;
  disable_reason?: string;
  is_deactivated: boolean;
  delete_at?: string;
  delete_reason?: string;
  is_anonymized: boolean;
  anonymize_at?: string;
  temporarily_disabled_from?: string;
  temporarily_disabled_until?: string;
  account_valid_from?: string;
  account_valid_until?: string;
  mfa_grace_period_end_at?: string;
  can_reauthenticate: boolean;
  standard_attributes: UserStandardAttributes;
  custom_attributes: UserCustomAttributes;
  x_web3: UserWeb3Info;
  web3?: UserWeb3Info;
  roles: string[];
  groups: string[];
}

export type IdentityType =
  | "login_id"
  | "oauth"
  | "anonymous"
  | "biometric"
  | "passkey"
  | "siwe"
  | "ldap";

export type LoginIDType = "email" | "phone" | "username";

export interface Identity extends EntityBase {
  type: IdentityType;
  user_id: string;
  // deno-lint-ignore no-explicit-any -- the claims depend on the kind of identity
  claims: { [claim: string]: any };
}

export interface Authenticator extends EntityBase {
  user_id: string;
  type: string;
  is_default: boolean;
  kind: string;
}

export type SessionType = "idp" | "offline_grant";

export interface Session extends EntityBase {
  type: SessionType;
  amr?: string[];
  lastAccessedAt: string;
  createdByIP: string;
  lastAccessedByIP: string;
  lastAccessedByIPCountryCode: string;
  lastAccessedByIPEnglishCountryName: string;
  clientID: string | null;
  displayName: string;
  applicationName?: string;
  userAgent?: string;
}

export interface JWTPayload {
  // deno-lint-ignore no-explicit-any -- claims may hold any JSON
  [claim: string]: any;
}

export interface JWT {
  payload: JWTPayload;
}

export interface AuthenticationFlow {
  type: string;
  name: string;
}

export interface Authentication {
  authentication: string;
  authenticator: Authenticator | null;
}

export interface Identification {
  identification: string;
  identity: Identity | null;
  id_token: string | null;
}

export interface AuthenticationContext {
  authentication_flow: AuthenticationFlow | null;
  user: User | null;
  asserted_identifications: Identification[];
  asserted_authentications: Authentication[];
  amr: AMR[];
}

// What every event has

export type TriggeredBy = "user" | "admin_api" | "system" | "portal" | "site_admin";

export interface OAuthContext {
  state?: string;
  x_state?: string;
}

export interface HookEventContext {
  /** Seconds since 1970. */
  timestamp: number;
  user_id: string | null;
  triggered_by: TriggeredBy;
  // deno-lint-ignore no-explicit-any -- whatever the caller of the Admin API sent along
  audit_context: { http_url?: string; [key: string]: any };
  preferred_languages: string[];
  language: string;
  /** ISO 3166-1 alpha-2. */
  geo_location_code: string | null;
  oauth?: OAuthContext;
  ip_address?: string;
  user_agent?: string;
  app_id?: string;
  client_id?: string;
  tracking_id?: string;
}

export interface HookEventBase {
  id: string;
  seq: number;
  context: HookEventContext;
}

// Blocking events: the hook decides whether it may happen

interface Of<Type extends string, Payload> extends HookEventBase {
  type: Type;
  payload: Payload;
}

interface Allowed<Mutations> {
  is_allowed: true;
  mutations?: Mutations;
}

interface AllowedIdentified extends Omit<HookResponseAllowed, "mutations" | "bot_protection"> {
  mutations?: undefined;
}

interface AllowedEarly extends AllowedIdentified {
  bot_protection?: BotProtectionRequirements;
}

export type EventUserPreCreate = Of<"user.pre_create", { user: User; identities: Identity[] }>;
export type EventUserPreCreateHookResponse = Allowed<MutationsOnUser> | HookResponseDisallowed;

export type EventUserProfilePreUpdate = Of<"user.profile.pre_update", { user: User }>;
export type EventUserProfilePreUpdateHookResponse =
  | Allowed<MutationsOnUser>
  | HookResponseDisallowed;

export type EventUserPreScheduleDeletion = Of<"user.pre_schedule_deletion", { user: User }>;
export type EventUserPreScheduleDeletionHookResponse =
  | Allowed<MutationsOnUser>
  | HookResponseDisallowed;

export type EventUserPreScheduleAnonymization = Of<
  "user.pre_schedule_anonymization",
  { user: User }
>;
export type EventUserPreScheduleAnonymizationHookResponse =
  | Allowed<MutationsOnUser>
  | HookResponseDisallowed;

export type EventOIDCJWTPreCreate = Of<
  "oidc.jwt.pre_create",
  { user: User; identities: Identity[] | null; jwt: JWT }
>;
export type EventOIDCJWTPreCreateHookResponse = Allowed<MutationsOnJWT> | HookResponseDisallowed;

export type EventOIDCIDTokenPreCreate = Of<
  "oidc.id_token.pre_create",
  { user: User; identities: Identity[] | null; id_token: JWT }
>;
export type EventOIDCIDTokenPreCreateHookResponse =
  | Allowed<MutationsOnIDToken>
  | HookResponseDisallowed;

export type EventAuthenticationPreInitialize = Of<
  "authentication.pre_initialize",
  { authentication_context: AuthenticationContext }
>;
export type EventAuthenticationPreInitializeHookResponse = AllowedEarly | HookResponseDisallowed;

export type EventAuthenticationPostIdentified = Of<
  "authentication.post_identified",
  { identification: Identification; authentication_context: AuthenticationContext }
>;
export type EventAuthenticationPostIdentifiedHookResponse = AllowedEarly | HookResponseDisallowed;

export type EventAuthenticationPreAuthenticated = Of<
  "authentication.pre_authenticated",
  { authentication_context: AuthenticationContext }
>;
export type EventAuthenticationPreAuthenticatedHookResponse =
  | AllowedIdentified
  | HookResponseDisallowed;

export type HookBlockingEvent =
  | EventUserPreCreate
  | EventUserProfilePreUpdate
  | EventUserPreScheduleDeletion
  | EventUserPreScheduleAnonymization
  | EventOIDCJWTPreCreate
  | EventOIDCIDTokenPreCreate
  | EventAuthenticationPreInitialize
  | EventAuthenticationPostIdentified
  | EventAuthenticationPreAuthenticated;

/** The name `EventOIDCJWTPreCreate` had in early versions of the package. */
export type EventUserSessionJWTPreCreate = EventOIDCJWTPreCreate;

// Non-blocking events: it has happened

interface WithUser {
  user: User;
}

interface WithIdentity extends WithUser {
  identity: Identity;
}

interface WithIdentities extends WithUser {
  identities: Identity[];
}

interface WithNewIdentity extends WithUser {
  new_identity: Identity;
  old_identity: Identity;
}

interface WithSession extends WithUser {
  session: Session;
}

export type EventUserCreated = Of<"user.created", WithIdentities>;
export type EventUserProfileUpdated = Of<
  "user.profile.updated",
  WithUser & { changes: AttributeChange[] }
>;
export type EventUserAuthenticated = Of<
  "user.authenticated",
  WithSession & { continue_from_session?: Session }
>;
export type EventUserReauthenticated = Of<"user.reauthenticated", WithSession>;
export type EventUserAnonymousPromoted = Of<
  "user.anonymous.promoted",
  WithIdentities & { anonymous_user: User }
>;
export type EventUserDisabled = Of<
  "user.disabled",
  WithUser & { temporarily_disabled_from?: string; temporarily_disabled_until?: string }
>;
export type EventUserReenabled = Of<"user.reenabled", WithUser>; // codespell:ignore reenabled
export type EventUserDeletionScheduled = Of<"user.deletion_scheduled", WithUser>;
export type EventUserDeletionUnscheduled = Of<"user.deletion_unscheduled", WithUser>;
export type EventUserDeleted = Of<"user.deleted", WithUser & { reason?: string }>;
export type EventUserAnonymizationScheduled = Of<"user.anonymization_scheduled", WithUser>;
export type EventUserAnonymizationUnscheduled = Of<"user.anonymization_unscheduled", WithUser>;
export type EventUserAnonymized = Of<"user.anonymized", WithUser>;

export type EventIdentityEmailAdded = Of<"identity.email.added", WithIdentity>;
export type EventIdentityEmailRemoved = Of<"identity.email.removed", WithIdentity>;
export type EventIdentityEmailUpdated = Of<"identity.email.updated", WithNewIdentity>;
export type EventIdentityEmailVerified = Of<"identity.email.verified", WithIdentity>;
export type EventIdentityEmailUnverified = Of<"identity.email.unverified", WithIdentity>;
export type EventIdentityPhoneAdded = Of<"identity.phone.added", WithIdentity>;
export type EventIdentityPhoneRemoved = Of<"identity.phone.removed", WithIdentity>;
export type EventIdentityPhoneUpdated = Of<"identity.phone.updated", WithNewIdentity>;
export type EventIdentityPhoneVerified = Of<"identity.phone.verified", WithIdentity>;
export type EventIdentityPhoneUnverified = Of<"identity.phone.unverified", WithIdentity>;
export type EventIdentityUsernameAdded = Of<"identity.username.added", WithIdentity>;
export type EventIdentityUsernameRemoved = Of<"identity.username.removed", WithIdentity>;
export type EventIdentityUsernameUpdated = Of<"identity.username.updated", WithNewIdentity>;
export type EventIdentityUsernameVerified = Of<"identity.username.verified", WithIdentity>;
export type EventIdentityUsernameUnverified = Of<"identity.username.unverified", WithIdentity>;
export type EventIdentityBiometricEnabled = Of<"identity.biometric.enabled", WithIdentity>;
export type EventIdentityBiometricDisabled = Of<"identity.biometric.disabled", WithIdentity>;
export type EventIdentityOAuthConnected = Of<"identity.oauth.connected", WithIdentity>;
export type EventIdentityOAuthDisconnected = Of<"identity.oauth.disconnected", WithIdentity>;

/** A quota was reached: `action` is what was counted, `period` a `day` or a `month`. */
export type EventUsageAlertTriggered = Of<
  "usage.alert.triggered",
  {
    usage: {
      name: string;
      action: string;
      period: string;
      quota: number;
      current_value: number;
      plan_name: string;
    };
  }
>;

/** A source that is not the user filled attributes in; `sources` says which gave which. */
export type EventProfileEnriched = Of<
  "profile.enriched",
  WithUser & { sources: Record<string, string[]>; changes: AttributeChange[] }
>;

/** What a source had said of an attribute holds no longer. */
export type EventProfileFactExpired = Of<
  "profile.fact.expired",
  WithUser & { attribute: string; source: string; expired_at: string; changes: AttributeChange[] }
>;

/** A question, and the attributes it asked about; `variant` is how it was put. */
export interface AskedQuestion {
  key: string;
  attributes: string[];
  variant: string;
}

/** A question was put to a user. */
export type EventQuestionAsked = Of<"question.asked", WithUser & { question: AskedQuestion }>;

/** A user answered a question. */
export type EventQuestionAnswered = Of<
  "question.answered",
  WithUser & { question: AskedQuestion }
>;

/** A user did not answer a question: not now, or, with `forever`, never. */
export type EventQuestionSkipped = Of<
  "question.skipped",
  WithUser & { question: AskedQuestion; forever: boolean }
>;

export type HookNonBlockingEvent =
  | EventUserReauthenticated
  | EventIdentityUsernameVerified
  | EventIdentityUsernameUnverified
  | EventIdentityBiometricEnabled
  | EventIdentityBiometricDisabled
  | EventUsageAlertTriggered
  | EventProfileEnriched
  | EventProfileFactExpired
  | EventQuestionAsked
  | EventQuestionAnswered
  | EventQuestionSkipped
  | EventUserCreated
  | EventUserProfileUpdated
  | EventUserAuthenticated
  | EventUserAnonymousPromoted
  | EventUserDisabled
  | EventUserReenabled
  | EventUserDeletionScheduled
  | EventUserDeletionUnscheduled
  | EventUserDeleted
  | EventUserAnonymizationScheduled
  | EventUserAnonymizationUnscheduled
  | EventUserAnonymized
  | EventIdentityEmailAdded
  | EventIdentityEmailRemoved
  | EventIdentityEmailUpdated
  | EventIdentityEmailVerified
  | EventIdentityEmailUnverified
  | EventIdentityPhoneAdded
  | EventIdentityPhoneRemoved
  | EventIdentityPhoneUpdated
  | EventIdentityPhoneVerified
  | EventIdentityPhoneUnverified
  | EventIdentityUsernameAdded
  | EventIdentityUsernameRemoved
  | EventIdentityUsernameUpdated
  | EventIdentityOAuthConnected
  | EventIdentityOAuthDisconnected;

/** `ctx`, the second argument of a hook. */
/** What came of asking a provider. */
export interface EnrichAnswer {
  outcome: "found" | "miss" | "pending" | "failed" | "skipped";
  /** By the names the provider gives; empty unless found. */
  // deno-lint-ignore no-explicit-any -- whatever the provider gives
  values: { [name: string]: any };
  /** From 0 to 1: how sure the least sure of the values is. */
  confidence: number;
  /**
   * Why it was `skipped`: no_consent, missing_input, unfit_input, limited, over_budget,
   * breaker_open, disabled. Or why it `failed`: timeout, unreachable, throttled, out_of_credits,
   * unauthorized, rejected, unavailable, bad_answer, broken.
   */
  reason: string;
}

export interface HookContext {
  /** Secrets this hook may use, by name; one that is not there throws. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Values this hook keeps between its calls: JSON of up to 64 KiB, for `ttl` seconds. */
  readonly cache: {
    get(key: string): Promise<unknown>;
    set(key: string, value: unknown, options?: { ttl?: number }): Promise<void>;
  };
  /**
   * Ask one provider of the project by its name, with inputs such as `{ ip }` or `{ email }`: kept
   * answers, limits, budgets and the person's consent count. It never throws for what a vendor does.
   */
  enrich(
    provider: string,
    inputs: { [name: string]: string | number | boolean | null | undefined },
  ): Promise<EnrichAnswer>;
  /** Write into the hook's log, as console.log does. */
  log(...values: unknown[]): void;
}

export type HookEvent = HookBlockingEvent | HookNonBlockingEvent;

// Other hooks

export interface CustomSMSGatewayPayload {
  to: string;
  body: string;
  app_id?: string;
  message_type?: string;
  template_name?: string;
  language_tag?: string;
  // deno-lint-ignore no-explicit-any -- what the template was filled with
  template_variables?: { [name: string]: any };
}

export interface CustomSMSGatewayResponse {
  code: string;
  provider_error_code?: string;
  goerror?: string;
  dumped_response?: string;
}

export interface AccountMigrationRequest {
  migration_token: string;
}

export interface AccountMigrationResponse {
  identities: {
    type: IdentityType;
    login_id?: { key: string; type: LoginIDType; value: string };
  }[];
  authenticators?: { type: string; [member: string]: unknown }[];
}
