// Written from the description of the API by `make docs`; do not edit.

/**
 * One of the eight legal triples: the portal sees at least what a token's bearer sees, the
 * bearer at least what the end user sees and never writes; whom the end user may edit, the
 * portal may edit too.
 */
export interface Access {
  end_user: "hidden" | "readonly" | "readwrite";
  bearer: "hidden" | "readonly" | "readwrite";
  portal_ui: "hidden" | "readonly" | "readwrite";
}

/**
 * Every attribute there is, the retired ones too.
 */
export interface AllAttributes {
  standard: Array<Record<string, unknown>>;
  custom: Array<AttributeShown>;
}

/**
 * After how many days an account is to be anonymised.
 */
export interface Anonymization {
  days?: number;
}

/**
 * What a field for it needs to know.
 */
export interface Attribute {
  name: string;
  label: string;
  help: string;
  type: string;
  choices: Array<string> | null;
  minimum: number | null;
  maximum: number | null;
}

/**
 * A merge patch of a custom attribute: null takes an option away.
 */
export type AttributeChange = Record<string, unknown>;

/**
 * A custom attribute, as a configuration file has it; its id is made unless it has one.
 */
export type AttributeEntry = Record<string, unknown>;

/**
 * How many users had a value.
 */
export interface AttributePurged {
  users: number;
}

/**
 * Another type for an attribute; `choices` are those of an enum.
 */
export interface AttributeRetype {
  type:
    | "string"
    | "number"
    | "integer"
    | "enum"
    | "phone_number"
    | "email"
    | "url"
    | "country_code"
    | "boolean"
    | "date"
    | "datetime"
    | "string_list";
  choices?: Array<string> | null;
  /**
   * Only say what would become of the values.
   */
  dry_run?: boolean;
  /**
   * Withdraw values that do not convert; they stay in the history.
   */
  allow_loss?: boolean;
}

/**
 * What becomes of the values users have; `unfit` lists up to a hundred.
 */
export interface AttributeRetyped {
  users: number;
  fit: number;
  unfit_count: number;
  unfit: Array<UnfitValue>;
  applied: boolean;
}

/**
 * A custom attribute as it is.
 */
export interface AttributeShown {
  id: string;
  name: string;
  pointer: string;
  type:
    | "string"
    | "number"
    | "integer"
    | "enum"
    | "phone_number"
    | "email"
    | "url"
    | "country_code"
    | "boolean"
    | "date"
    | "datetime"
    | "string_list";
  access_control: Access;
  merge: Merge;
  minimum: number | null;
  maximum: number | null;
  enum: Array<string> | null;
  label: string;
  help_text: string;
  purpose: string;
  indexed: boolean;
  sensitive: boolean;
  retired: boolean;
}

/**
 * Another value, which is not verified by itself, or whether the one there is verified.
 */
export interface Change {
  value?: string | null;
  verified?: boolean | null;
}

/**
 * A column of a CSV file.
 */
export interface Column {
  /**
   * A JSON pointer into a user's record.
   */
  pointer: string;
  /**
   * What the column is called; the pointer's parts joined by points if nothing is said.
   */
  name?: string | null;
}

/**
 * What a file changes, a line each; what it would lose; and what it does not name.
 *
 * `applied` says whether it was done.
 */
export interface ConfigChanges {
  changes: Array<string>;
  losses: Array<ConfigComplaint>;
  errors: Array<ConfigComplaint>;
  kept: Array<string>;
  applied: boolean;
}

/**
 * What is wrong with a file: errors keep it from being applied, warnings do not.
 */
export interface ConfigChecked {
  errors: Array<ConfigComplaint>;
  warnings: Array<ConfigComplaint>;
}

/**
 * Something that is wrong, and where in the file.
 */
export interface ConfigComplaint {
  path: string;
  detail: string;
}

/**
 * The configuration as a file, and the scripts beside it by path.
 */
export interface ConfigExported {
  config: string;
  scripts: Record<string, string>;
}

/**
 * A configuration file, and the scripts beside it by path; what it does not name stays.
 */
export interface ConfigSent {
  config: string;
  scripts?: Record<string, string>;
  /**
   * Withdraw values that do not fit any more.
   */
  allow_loss?: boolean;
}

/**
 * Why an account is to be deleted; hooks are told.
 */
export interface Deletion {
  reason?: string;
}

/**
 * Which are made again: all that were given up, of one hook and since a moment if named.
 */
export interface DeliveriesAgain {
  hook?: string;
  since?: string | null;
}

/**
 * How many are made again now.
 */
export interface DeliveriesReplayed {
  deliveries: number;
}

/**
 * Which deliveries are wanted; what is left out leaves nothing out.
 */
export interface DeliveriesWanted {
  /**
   * How many items a page has at most.
   */
  limit?: number;
  /**
   * Where the page begins, from `next` of the page before; empty for the first one.
   */
  cursor?: string;
  hook?: string;
  event?: string;
  state?: State | null;
  user_id?: string | null;
}

/**
 * An event on its way to one hook; `due_at` is the next attempt.
 */
export interface DeliveryShown {
  id: string;
  hook: string;
  event: string;
  event_id: string;
  user_id: string | null;
  state: string;
  attempts: number;
  created_at: string;
  due_at: string | null;
  finished_at: string | null;
  status: number | null;
  error_code: string;
  error: string;
}

/**
 * A delivery with the last answer of the endpoint.
 */
export interface DeliveryWithReply {
  id: string;
  hook: string;
  event: string;
  event_id: string;
  user_id: string | null;
  state: string;
  attempts: number;
  created_at: string;
  due_at: string | null;
  finished_at: string | null;
  status: number | null;
  error_code: string;
  error: string;
  reply: string;
}

/**
 * Why, and between which moments; by default at once, and until somebody opens it again.
 */
export interface Disable {
  reason?: string;
  /**
   * The first moment; now if it is left out.
   */
  since?: string | null;
  /**
   * When it opens by itself; never if it is left out.
   */
  until?: string | null;
}

/**
 * What came of it: the attributes' values as they are now, as hooks may have changed them.
 */
export interface Done {
  key: string;
  act: string;
  values: Record<string, unknown>;
}

export type Door = "portal" | "cli" | "api" | "hook" | "user" | "service";

/**
 * How many sessions were ended.
 */
export interface Ended {
  ended: number;
}

/**
 * What came of it so far; it is `complete` when nobody is waited for any more.
 *
 * `settled` are attributes nobody was asked about, and why.
 */
export interface Enriched {
  user_id: string;
  run: string | null;
  complete: boolean;
  lookups: Array<LookupLine>;
  facts: Array<Filled>;
  settled: Record<string, string>;
  standard_attributes: Record<string, unknown>;
  custom_attributes: Record<string, unknown>;
}

/**
 * Which entries are wanted; what is left out leaves nothing out.
 */
export interface EntriesFilter {
  /**
   * Who: a name or an id.
   */
  actor?: string;
  /**
   * By which door, which is what kind of actor it is.
   */
  door?: Door | null;
  action?: string;
  /**
   * What it was done to, such as `hook`.
   */
  kind?: string;
  /**
   * Which one: an id, or the beginning of a name.
   */
  subject?: string;
  since?: string | null;
  until?: string | null;
}

/**
 * Which entries are wanted, and which page of them.
 */
export interface EntriesWanted {
  /**
   * How many items a page has at most.
   */
  limit?: number;
  /**
   * Where the page begins, from `next` of the page before; empty for the first one.
   */
  cursor?: string;
  /**
   * Who: a name or an id.
   */
  actor?: string;
  /**
   * By which door, which is what kind of actor it is.
   */
  door?: Door | null;
  action?: string;
  /**
   * What it was done to, such as `hook`.
   */
  kind?: string;
  /**
   * Which one: an id, or the beginning of a name.
   */
  subject?: string;
  since?: string | null;
  until?: string | null;
}

/**
 * That somebody did something. `detail` names what changed, never a profile's values.
 */
export interface EntryShown {
  id: number;
  at: string;
  door: string;
  actor: string;
  actor_id: string | null;
  action: string;
  subject_kind: string;
  subject_id: string;
  subject: string;
  detail: Record<string, unknown>;
}

/**
 * Why an attribute has its value: `stale` is one that expired, with nothing newer known.
 */
export interface Explained {
  attribute: string;
  value: unknown;
  stale: boolean;
  facts: Array<Fact>;
}

/**
 * An export, and how far it is. `size` is in bytes; the file is there when it is completed.
 */
export interface Export {
  id: string;
  state: "pending" | "completed";
  format: "ndjson" | "csv";
  users: number;
  total: number;
  size: number;
  created_at: string;
  completed_at: string | null;
}

/**
 * What file is wanted.
 */
export interface ExportWanted {
  format?: "ndjson" | "csv";
  /**
   * Whether secrets of authenticator apps are in it, administrators' apart. The key needs the
   * scope `users:secrets` as well, also to download the file.
   */
  secrets?: boolean;
  /**
   * The columns of a CSV file; the usual ones if nothing is said.
   */
  columns?: Array<Column> | null;
}

/**
 * What one source said; of those that do not hold, `rule` and `reason` say why.
 */
export interface Fact {
  value: unknown;
  deleted: boolean;
  source: string;
  observed_at: string;
  confidence: number;
  expires_at: string | null;
  run: string | null;
  author: string | null;
  locked: boolean;
  effective: boolean;
  rule: string | null;
  reason?: string | null;
}

/**
 * Every fact of a profile by attribute; the one that holds comes first.
 */
export interface Facts {
  facts: Record<string, Array<Fact>>;
}

/**
 * An attribute a provider filled: how sure it is, since when and until when.
 */
export interface Filled {
  attribute: string;
  source: string;
  confidence: number;
  observed_at: string;
  expires_at: string | null;
}

/**
 * What users must be; what is left out leaves nobody out.
 */
export interface Filters {
  /**
   * How an e-mail address, a phone number, a username, a name or an indexed attribute begins, or
   * an id; `@nordlake.example` looks for a domain. Finds up to 1000 users.
   */
  q?: string;
  /**
   * One of these.
   */
  id?: Array<string>;
  /**
   * The address they sign in with, in any case.
   */
  email?: string;
  /**
   * What stands behind the @ of that address.
   */
  domain?: string;
  /**
   * The number they sign in with.
   */
  phone_number?: string;
  /**
   * The name they sign in with.
   */
  username?: string;
  /**
   * How a name, a given name or a family name begins. Finds up to 1000 users.
   */
  name?: string;
  /**
   * `city=Lyon`: what an indexed attribute is, in any case; `city:ly`: how it begins.
   */
  attribute?: Array<string>;
  /**
   * A key of a role they have, by a group too; one of several.
   */
  role?: Array<string>;
  /**
   * A key of a group they are in; one of several.
   */
  group?: Array<string>;
  /**
   * The name of a segment they are in now. It is looked for from the newest user on.
   */
  segment?: string;
  /**
   * How their account stands.
   */
  status?:
    | "active"
    | "disabled"
    | "deletion_scheduled"
    | "anonymization_scheduled"
    | "anonymized"
    | null;
  /**
   * When they were created at the earliest.
   */
  created_from?: string | null;
  /**
   * Before when they were created.
   */
  created_before?: string | null;
}

/**
 * What is to be another; `roles` are exactly those everybody in it has.
 */
export interface GroupChange {
  key?: string | null;
  name?: string | null;
  description?: string | null;
  roles?: Array<string> | null;
}

/**
 * A merge patch of a hook: what is left out stays.
 */
export type HookChange = Record<string, unknown>;

/**
 * All hooks by name, in the order they are asked.
 */
export interface HookOrder {
  names: Array<string>;
}

/**
 * A call with its answer, what it printed, and whom it called.
 */
export interface HookRun {
  id: number;
  hook: string;
  event: string;
  event_seq: number;
  user_id: string | null;
  outcome: string;
  started_at: string;
  ms: number;
  error_code: string;
  error: string;
  line: number | null;
  answer?: unknown;
  console: string;
  console_truncated: boolean;
  dropped: Array<string>;
  requests: Array<Record<string, unknown>>;
}

/**
 * One call of one hook. Values of sensitive attributes and of secrets are masked.
 */
export interface HookRunLine {
  id: number;
  hook: string;
  event: string;
  event_seq: number;
  user_id: string | null;
  outcome: string;
  started_at: string;
  ms: number;
  error_code: string;
  error: string;
  line: number | null;
}

/**
 * Which runs are wanted; what is left out leaves nothing out.
 */
export interface HookRunsWanted {
  /**
   * How many items a page has at most.
   */
  limit?: number;
  /**
   * Where the page begins, from `next` of the page before; empty for the first one.
   */
  cursor?: string;
  hook?: string;
  event?: string;
  outcome?: Outcome | null;
  user_id?: string | null;
  since?: string | null;
  until?: string | null;
}

/**
 * A hook as it is; `problems` is what the checker said of its script.
 */
export interface HookShown {
  /**
   * `*` is all that are told of.
   */
  events?: Array<string>;
  /**
   * TypeScript, if it is a script; up to 100 KiB.
   */
  script?: string | null;
  /**
   * Where events are posted, if it is a webhook.
   */
  url?: string | null;
  /**
   * What its failure means, where operations wait for it.
   */
  on_error?: "deny" | "allow" | "defer";
  enabled?: boolean;
  /**
   * None is what all hooks have.
   */
  timeout_ms?: number | null;
  /**
   * It hears only of what happens through these clients.
   */
  only_clients?: Array<string>;
  isolation?: "reuse" | "fresh";
  name: string;
  kind: "script" | "webhook" | "plugin";
  problems: Array<Record<string, unknown>>;
  imports: Array<string>;
  secrets: Array<string>;
  version: number;
}

/**
 * What to try it with: an event as hooks get it, or the sample of a type.
 */
export interface HookTrial {
  event?: Record<string, unknown> | null;
  type?: string;
}

/**
 * One attribute or claim, before and after.
 */
export interface HookTrialRow {
  name: string;
  before?: unknown;
  after?: unknown;
  changed: boolean;
}

/**
 * What came of it, and what would have become of what the event is about.
 */
export interface HookTried {
  outcome: string;
  ms: number;
  answer?: unknown;
  console: string;
  error: string;
  line: number | null;
  dropped: Array<string>;
  requests: Array<Record<string, unknown>>;
  rows: Array<HookTrialRow>;
  refused: string;
  denied: Record<string, string> | null;
}

/**
 * A version with what the hook was set to, and its script.
 */
export interface HookVersion {
  number: number;
  saved_at: string;
  saved_by: string;
  script: string;
  settings: Record<string, unknown>;
}

/**
 * One version: each save that changed something keeps one.
 */
export interface HookVersionLine {
  number: number;
  saved_at: string;
  saved_by: string;
}

/**
 * How an import is to be done.
 */
export interface How {
  /**
   * The attribute users are found by; every row must have it.
   */
  identifier?: "email" | "phone_number" | "preferred_username";
  /**
   * Whether rows change users who exist; else they are skipped.
   */
  upsert?: boolean;
  /**
   * Say what would become of each row, and write none.
   */
  dry_run?: boolean;
  /**
   * Ask the hooks of `user.pre_create` about each new user, and tell `user.created`.
   */
  hooks?: boolean;
  /**
   * Ask providers for what is missing afterwards.
   */
  enrich?: boolean;
}

/**
 * All of them, the primary one first.
 */
export interface Identities {
  items: Array<ShownIdentity>;
}

/**
 * An import, and how far it is. `done` rows are inserted, updated, skipped or failed.
 */
export interface Import {
  id: string;
  state: "receiving" | "pending" | "completed" | "cancelled";
  format: "records" | "ndjson" | "csv";
  identifier: string;
  upsert: boolean;
  dry_run: boolean;
  hooks: boolean;
  enrich: boolean;
  rows: number;
  done: number;
  inserted: number;
  updated: number;
  skipped: number;
  failed: number;
  created_at: string;
  completed_at: string | null;
}

/**
 * What came of one provider. It holds no value of any attribute.
 */
export interface LookupLine {
  provider: string;
  outcome: string;
  reason: string;
  detail: string;
  gave: Array<string>;
  refused: Record<string, string>;
  ms: number;
  cost: string;
  kept: string;
  asked: boolean;
  at: string;
}

/**
 * A key just made. `key` is the key itself, which nobody can see again.
 */
export interface MadeApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: Array<string>;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
  key: string;
}

/**
 * How much people are asked.
 */
export interface Manners {
  /**
   * Questions at one login, at most.
   */
  per_login?: number;
  /**
   * Days of rest after somebody was asked an optional question.
   */
  cooldown_days?: number;
  /**
   * How often an optional question is asked of one person, at most.
   */
  most_asked?: number;
  /**
   * Logins before anything optional is asked.
   */
  first_logins?: number;
}

/**
 * Roles of their own, groups, and the roles they have by either.
 */
export interface Memberships {
  roles: Array<string>;
  groups: Array<string>;
  effective_roles: Array<string>;
}

/**
 * What a user is to have, exactly; what is left out stays as it is.
 */
export interface MembershipsWanted {
  roles?: Array<string> | null;
  groups?: Array<string> | null;
}

/**
 * `merge` of an attribute: `newest`, `most_confident`, or `{prefer: [sources...]}`.
 *
 * `standing` is the house's own way: a person's word first, then an administrator's, a social
 * identity's, a guess. Sources in `prefer` win, in this order, before `by` is asked.
 */
export interface Merge {
  by?: "standing" | "newest" | "most_confident";
  prefer?: Array<string>;
}

/**
 * Something that was said, withdrawn, refused or converted; `by` is the administrator.
 */
export interface Moment {
  at: string;
  version: number;
  act: string;
  attribute: string;
  source: string;
  value: unknown;
  confidence: number | null;
  expires_at: string | null;
  by: string | null;
}

/**
 * A key to make. Without `expires_at` it is good until it is revoked.
 */
export interface NewApiKey {
  name: string;
  scopes: Array<
    | "users:read"
    | "users:write"
    | "users:delete"
    | "users:enrich"
    | "users:import"
    | "users:export"
    | "users:secrets"
    | "roles:read"
    | "roles:write"
    | "attributes:read"
    | "attributes:write"
    | "hooks:read"
    | "hooks:write"
    | "secrets:write"
    | "enrichment:read"
    | "enrichment:write"
    | "questions:read"
    | "questions:write"
    | "config:read"
    | "config:write"
    | "audit:read"
    | "keys:write"
  >;
  expires_at?: string | null;
}

/**
 * A group to make, with the roles everybody in it has.
 */
export interface NewGroup {
  key: string;
  name?: string;
  description?: string;
  roles?: Array<string>;
}

/**
 * A new hook.
 */
export interface NewHook {
  /**
   * `*` is all that are told of.
   */
  events?: Array<string>;
  /**
   * TypeScript, if it is a script; up to 100 KiB.
   */
  script?: string | null;
  /**
   * Where events are posted, if it is a webhook.
   */
  url?: string | null;
  /**
   * What its failure means, where operations wait for it.
   */
  on_error?: "deny" | "allow" | "defer";
  enabled?: boolean;
  /**
   * None is what all hooks have.
   */
  timeout_ms?: number | null;
  /**
   * It hears only of what happens through these clients.
   */
  only_clients?: Array<string>;
  isolation?: "reuse" | "fresh";
  name: string;
}

/**
 * An address, a number or a name to sign in with.
 */
export interface NewIdentity {
  key: "email" | "phone" | "username";
  value: string;
  verified?: boolean;
}

/**
 * The new password; null takes it away, and they come in by other ways.
 */
export interface NewPassword {
  password: string | null;
}

/**
 * A role or group to make.
 */
export interface NewRole {
  key: string;
  name?: string;
  description?: string;
}

/**
 * Who is to become a user. One of `email`, `phone_number` and `username` is needed.
 */
export interface NewUser {
  /**
   * The address they sign in with.
   */
  email?: string | null;
  /**
   * Whether it was shown to be theirs.
   */
  email_verified?: boolean;
  /**
   * The number they sign in with, with its country code.
   */
  phone_number?: string | null;
  /**
   * The name they sign in with.
   */
  username?: string | null;
  /**
   * Left out, they set one with "Forgot your password?", or come in by a code.
   */
  password?: string | null;
  standard_attributes?: Record<string, unknown>;
  custom_attributes?: Record<string, unknown>;
  /**
   * Keys of roles.
   */
  roles?: Array<string>;
  /**
   * Keys of groups.
   */
  groups?: Array<string>;
  /**
   * Whether providers are asked for what is missing, as at any sign-up.
   */
  enrich?: boolean;
}

export type Outcome = "allowed" | "denied" | "failed" | "deferred" | "delivered";

export interface Page_DeliveryShown_ {
  items: Array<DeliveryShown>;
  /**
   * The address of the next page; null on the last one.
   */
  next: string | null;
}

export interface Page_EntryShown_ {
  items: Array<EntryShown>;
  /**
   * The address of the next page; null on the last one.
   */
  next: string | null;
}

export interface Page_Export_ {
  items: Array<Export>;
  /**
   * The address of the next page; null on the last one.
   */
  next: string | null;
}

export interface Page_HookRunLine_ {
  items: Array<HookRunLine>;
  /**
   * The address of the next page; null on the last one.
   */
  next: string | null;
}

export interface Page_Import_ {
  items: Array<Import>;
  /**
   * The address of the next page; null on the last one.
   */
  next: string | null;
}

export interface Page_Moment_ {
  items: Array<Moment>;
  /**
   * The address of the next page; null on the last one.
   */
  next: string | null;
}

export interface Page_ShownApiKey_ {
  items: Array<ShownApiKey>;
  /**
   * The address of the next page; null on the last one.
   */
  next: string | null;
}

export interface Page_ShownGroup_ {
  items: Array<ShownGroup>;
  /**
   * The address of the next page; null on the last one.
   */
  next: string | null;
}

export interface Page_ShownRole_ {
  items: Array<ShownRole>;
  /**
   * The address of the next page; null on the last one.
   */
  next: string | null;
}

export interface Page_ShownUser_ {
  items: Array<ShownUser>;
  /**
   * The address of the next page; null on the last one.
   */
  next: string | null;
}

/**
 * Which page is wanted.
 */
export interface Paging {
  /**
   * How many items a page has at most.
   */
  limit?: number;
  /**
   * Where the page begins, from `next` of the page before; empty for the first one.
   */
  cursor?: string;
}

/**
 * A merge patch (RFC 7396) of a profile: null deletes a value, a list takes a list's place.
 */
export interface Patch {
  standard_attributes?: Record<string, unknown> | null;
  custom_attributes?: Record<string, unknown> | null;
  locked?: Array<string> | null;
}

/**
 * Who would be asked first, all steps, and what it costs at most.
 */
export interface Planned {
  user_id: string;
  first: Array<string>;
  steps: Array<Step>;
  most: string;
  settled: Record<string, string>;
}

/**
 * A provider, as a configuration file has it.
 *
 * A secret setting may name a secret, as `${IPINFO_KEY}`. One that is left out stays what it is.
 */
export type ProviderEntry = Record<string, unknown>;

/**
 * What to ask with; `anew` asks even where an answer is kept, which may cost again.
 */
export interface ProviderInputs {
  inputs: Record<string, string>;
  anew?: boolean;
}

/**
 * A kind of provider: what it needs, what it gives, and its settings as JSON Schema.
 */
export interface ProviderKind {
  key: string;
  title: string;
  needs: Array<string>;
  any_of: Array<string>;
  hints: Array<string>;
  gives: Array<string>;
  local: boolean;
  price: string;
  settings: Record<string, unknown>;
  secrets: Array<string>;
}

/**
 * A provider as it is configured; of secret settings only the names.
 *
 * `problem` says why it cannot be used, where that is so.
 */
export interface ProviderShown {
  name: string;
  kind: string;
  settings: Record<string, unknown>;
  secrets: Array<string>;
  problem: string | null;
}

/**
 * What a provider said. Nothing is written to any profile.
 */
export interface ProviderTried {
  outcome: string;
  reason: string;
  detail: string;
  values: Record<string, unknown>;
  ms: number;
  cost: string;
  kept: string;
}

/**
 * What came of a provider's lookups in a stretch of time, and how its budget stands.
 */
export interface ProviderUsage {
  window: string;
  asked: number;
  found: number;
  missed: number;
  failed: number;
  kept: number;
  skipped: number;
  spent: string;
  p50_ms: number | null;
  p95_ms: number | null;
  spent_today: string;
  spent_this_month: string;
  asked_today: number;
  blocked_until: string | null;
  blocked_for: string;
}

/**
 * What a purpose rests on, and what people are told of it.
 */
export interface PurposeEntry {
  basis?:
    | "consent"
    | "contract"
    | "legal_obligation"
    | "vital_interests"
    | "public_task"
    | "legitimate_interest";
  title?: string;
}

/**
 * A purpose.
 */
export interface PurposeShown {
  basis?:
    | "consent"
    | "contract"
    | "legal_obligation"
    | "vital_interests"
    | "public_task"
    | "legitimate_interest";
  title?: string;
  name: string;
}

/**
 * A question as it is put to this person; a `guess` may be confirmed.
 */
export interface Question {
  key: string;
  title: string;
  help: string;
  why: string;
  language: string;
  required: boolean;
  attributes: Array<Attribute>;
  guess: unknown;
}

/**
 * People, not page loads: whoever was asked three times and then answered is one of each.
 */
export interface QuestionCounts {
  asked: number;
  answered: number;
  skipped: number;
  refused: number;
  rate: number | null;
}

/**
 * A question, as a configuration file has it, without its key.
 */
export type QuestionEntry = Record<string, unknown>;

/**
 * What came of a question: in all, by variant, and the median time to answer in seconds.
 */
export interface QuestionFigures {
  asked: number;
  answered: number;
  skipped: number;
  refused: number;
  rate: number | null;
  window: string;
  seconds: number | null;
  variants: Record<string, QuestionCounts>;
}

/**
 * All keys, in the order questions are asked.
 */
export interface QuestionOrder {
  keys: Array<string>;
}

/**
 * A question as it is configured, with its key.
 */
export type QuestionShown = Record<string, unknown>;

/**
 * What to ask, in this order.
 */
export interface Questions {
  questions: Array<Question>;
}

/**
 * What somebody says to a question.
 */
export interface Reply {
  /**
   * `refuse` is never to be asked again.
   */
  act: "answer" | "confirm" | "skip" | "refuse";
  /**
   * The answer, by attribute.
   */
  values?: Record<string, unknown>;
  /**
   * The guess they saw, where they confirm one; it must still be the same.
   */
  guess?: unknown;
}

/**
 * What is to be another; the rest stays.
 */
export interface RoleChange {
  key?: string | null;
  name?: string | null;
  description?: string | null;
}

/**
 * What the checker says of a script: errors keep it from being saved, warnings do not.
 */
export interface ScriptChecked {
  problems: Array<Record<string, unknown>>;
  refusals: Array<string>;
  imports: Array<string>;
  unchecked: string;
}

/**
 * A script.
 */
export interface ScriptSource {
  script: string;
}

/**
 * A value, and which hooks may use it; what is left out stays as it is.
 */
export interface SecretEntry {
  value?: string | null;
  hooks?: Array<string> | null;
}

/**
 * A secret by name; hooks use it as `ctx.secrets.NAME`.
 */
export interface SecretShown {
  name: string;
  hooks: Array<string>;
  updated_at: string;
}

/**
 * How many users are in it, of how many that were looked at; `is_all` says if those are all.
 */
export interface SegmentCount {
  inside: number;
  looked_at: number;
  is_all: boolean;
}

/**
 * What must hold of whoever is in a segment: all of these conditions.
 */
export interface SegmentRule {
  rule: Array<Record<string, unknown>>;
}

/**
 * A segment.
 */
export interface SegmentShown {
  rule: Array<Record<string, unknown>>;
  name: string;
}

/**
 * One place where a user is signed in.
 */
export interface Session {
  id: string;
  device: string;
  ip_address: string;
  created_at: string;
}

/**
 * All of them, the latest first.
 */
export interface Sessions {
  items: Array<Session>;
}

/**
 * A key as everybody may see it: `prefix` is how it begins.
 */
export interface ShownApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: Array<string>;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
}

/**
 * A group, and the roles everybody in it has.
 */
export interface ShownGroup {
  id: string;
  key: string;
  name: string;
  description: string;
  created_at: string;
  updated_at: string;
  roles: Array<string>;
}

/**
 * One way a user signs in: `key` and `value` are those of an address, a number or a name.
 *
 * `claims` are as hooks see them; `verified` is null where there is nothing to verify.
 */
export interface ShownIdentity {
  id: string;
  type: string;
  key: "email" | "phone" | "username" | null;
  value: string | null;
  verified: boolean | null;
  created_at: string;
  claims: Record<string, unknown>;
}

/**
 * A profile as it is; `derived_attributes` are worked out and cannot be written.
 */
export interface ShownProfile {
  version: number;
  standard_attributes: Record<string, unknown>;
  custom_attributes: Record<string, unknown>;
  derived_attributes: Record<string, unknown>;
  locked: Array<string>;
}

/**
 * A role: apps know it by its key, people by its name.
 */
export interface ShownRole {
  id: string;
  key: string;
  name: string;
  description: string;
  created_at: string;
  updated_at: string;
}

/**
 * A user, with their profile as it is now; `roles` are those of their own.
 */
export interface ShownUser {
  id: string;
  created_at: string;
  updated_at: string;
  last_login_at: string | null;
  email: string | null;
  phone_number: string | null;
  username: string | null;
  is_verified: boolean;
  is_administrator: boolean;
  is_disabled: boolean;
  disable_reason: string | null;
  temporarily_disabled_from: string | null;
  temporarily_disabled_until: string | null;
  delete_at: string | null;
  delete_reason: string | null;
  anonymize_at: string | null;
  is_anonymized: boolean;
  standard_attributes: Record<string, unknown>;
  custom_attributes: Record<string, unknown>;
  roles: Array<string>;
  groups: Array<string>;
}

/**
 * What a project settles about a standard attribute; what is left out stays.
 */
export interface StandardAttributeChange {
  access_control?: Access | null;
  merge?: Merge | null;
}

export type State = "pending" | "delivered" | "dead";

/**
 * One provider's turn: `first`, `then`, `after` others, or `skipped`, and why.
 */
export interface Step {
  attribute: string;
  provider: string;
  turn: string;
  price: string;
  detail: string;
}

/**
 * A user whose value does not convert, and why. The value itself stays here.
 */
export interface UnfitValue {
  user_id: string;
  reason: string;
}

/**
 * How long a sign-up and a login wait for providers, in milliseconds.
 */
export interface WaitingTimes {
  sign_up_ms: number;
  login_ms: number;
}

/**
 * The waterfall of an attribute.
 */
export interface WaterfallShown {
  steps: Array<Record<string, unknown>>;
  attribute: string;
}

/**
 * Who is asked, the first one first; nobody removes the waterfall.
 */
export interface WaterfallSteps {
  steps: Array<Record<string, unknown>>;
}

/**
 * What is wanted, and how long to wait for it.
 */
export interface Wish {
  /**
   * Attributes; all that have a waterfall if none are named.
   */
  want?: Array<string> | null;
  /**
   * How long to wait; what comes later is written when it comes.
   */
  within_ms?: number;
}

/**
 * A profile as it shall be. What it does not name, nobody has any more.
 */
export interface Written {
  /**
   * Left out, what the user signs in with stays.
   */
  standard_attributes?: Record<string, unknown>;
  custom_attributes?: Record<string, unknown>;
  /**
   * Attributes whose value holds whatever the user says; of one without a value, that none
   * does.
   */
  locked?: Array<string>;
}

/** What each operation takes and answers, by its method and address. */
export interface Operations {
  /**
   * List the keys, the oldest first, those that were revoked too; never the keys themselves.
   *
   * The key needs the scope `keys:write`.
   */
  "GET /api/v1/api-keys": {
    path: Record<string, never>;
    query: { "limit"?: number; "cursor"?: string };
    body: undefined;
    answer: Page_ShownApiKey_;
  };
  /**
   * Make a key. Its text is in this answer only, which no Idempotency-Key brings back.
   *
   * The key needs the scope `keys:write`.
   */
  "POST /api/v1/api-keys": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: NewApiKey;
    answer: MadeApiKey;
  };
  /**
   * Revoke a key at once: itself, or one that may do no more than it may.
   *
   * The key needs the scope `keys:write`.
   */
  "DELETE /api/v1/api-keys/{id}": {
    path: { "id": string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * List the attributes in their order.
   *
   * The key needs the scope `attributes:read`.
   */
  "GET /api/v1/attributes": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: AllAttributes;
  };
  /**
   * Define a custom attribute. Its id is made unless one is sent, as from another service.
   *
   * The key needs the scope `attributes:write`.
   */
  "POST /api/v1/attributes": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: AttributeEntry;
    answer: AttributeShown;
  };
  /**
   * Settle who may see a standard attribute, and how its facts compete.
   *
   * The key needs the scope `attributes:write`.
   */
  "PATCH /api/v1/attributes/standard/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: StandardAttributeChange;
    answer: Record<string, unknown>;
  };
  /**
   * Read one custom attribute, retired or not.
   *
   * The key needs the scope `attributes:read`.
   */
  "GET /api/v1/attributes/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: AttributeShown;
  };
  /**
   * Change a custom attribute. A narrower definition is refused while values do not fit it.
   *
   * The key needs the scope `attributes:write`.
   */
  "PATCH /api/v1/attributes/{name}": {
    path: { "name": string };
    query: { "allow_loss"?: boolean };
    body: AttributeChange;
    answer: AttributeShown;
  };
  /**
   * Erase a retired attribute with all its values, in the history too. There is no way back.
   *
   * The key needs the scope `attributes:write`.
   */
  "DELETE /api/v1/attributes/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: AttributePurged;
  };
  /**
   * Bring a retired attribute back, with its values.
   *
   * The key needs the scope `attributes:write`.
   */
  "POST /api/v1/attributes/{name}/restore": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: AttributeShown;
  };
  /**
   * Hide a custom attribute everywhere; its values are kept until it is purged.
   *
   * The key needs the scope `attributes:write`.
   */
  "POST /api/v1/attributes/{name}/retire": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: AttributeShown;
  };
  /**
   * Say which values convert to another type and which do not; or convert them.
   *
   * The key needs the scope `attributes:write`.
   */
  "POST /api/v1/attributes/{name}/retype": {
    path: { "name": string };
    query: Record<string, never>;
    body: AttributeRetype;
    answer: AttributeRetyped;
  };
  /**
   * List entries, the latest first.
   *
   * The key needs the scope `audit:read`.
   */
  "GET /api/v1/audit": {
    path: Record<string, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
      "actor"?: string;
      "door"?: Door | null;
      "action"?: string;
      "kind"?: string;
      "subject"?: string;
      "since"?: string | null;
      "until"?: string | null;
    };
    body: undefined;
    answer: Page_EntryShown_;
  };
  /**
   * Send all entries, the latest first, however many there are.
   *
   * The key needs the scope `audit:read`.
   */
  "GET /api/v1/audit/export": {
    path: Record<string, never>;
    query: {
      "actor"?: string;
      "door"?: Door | null;
      "action"?: string;
      "kind"?: string;
      "subject"?: string;
      "since"?: string | null;
      "until"?: string | null;
      "format"?: "ndjson" | "csv";
    };
    body: undefined;
    answer: Response;
  };
  /**
   * Read one entry.
   *
   * The key needs the scope `audit:read`.
   */
  "GET /api/v1/audit/{id}": {
    path: { "id": number };
    query: Record<string, never>;
    body: undefined;
    answer: EntryShown;
  };
  /**
   * Write the whole configuration out. Secrets are never part of it.
   *
   * The key needs the scope `config:read`.
   */
  "GET /api/v1/config": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: ConfigExported;
  };
  /**
   * Write the configuration out as the file alone, without its scripts.
   *
   * The key needs the scope `config:read`.
   */
  "GET /api/v1/config.yaml": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Response;
  };
  /**
   * Apply a file: all of it, or nothing.
   *
   * The key needs the scope `config:write`.
   */
  "POST /api/v1/config/apply": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: ConfigSent;
    answer: ConfigChanges;
  };
  /**
   * Say what is wrong with a file, its scripts too. It is compared with nothing.
   *
   * The key needs the scope `config:read`.
   */
  "POST /api/v1/config/check": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: ConfigSent;
    answer: ConfigChecked;
  };
  /**
   * Say what applying a file would change. Nothing is written.
   *
   * The key needs the scope `config:read`.
   */
  "POST /api/v1/config/plan": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: ConfigSent;
    answer: ConfigChanges;
  };
  /**
   * List deliveries, the latest event first.
   *
   * The key needs the scope `hooks:read`.
   */
  "GET /api/v1/deliveries": {
    path: Record<string, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
      "hook"?: string;
      "event"?: string;
      "state"?: State | null;
      "user_id"?: string | null;
    };
    body: undefined;
    answer: Page_DeliveryShown_;
  };
  /**
   * Have all deliveries made again that were given up.
   *
   * The key needs the scope `hooks:write`.
   */
  "POST /api/v1/deliveries/replay": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: DeliveriesAgain;
    answer: DeliveriesReplayed;
  };
  /**
   * Read one delivery.
   *
   * The key needs the scope `hooks:read`.
   */
  "GET /api/v1/deliveries/{id}": {
    path: { "id": string };
    query: Record<string, never>;
    body: undefined;
    answer: DeliveryWithReply;
  };
  /**
   * Have one delivery made again, whether it arrived or was given up.
   *
   * The key needs the scope `hooks:write`.
   */
  "POST /api/v1/deliveries/{id}/replay": {
    path: { "id": string };
    query: Record<string, never>;
    body: undefined;
    answer: DeliveriesReplayed;
  };
  /**
   * Read how long events wait for providers.
   *
   * The key needs the scope `enrichment:read`.
   */
  "GET /api/v1/enrichment/budget": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: WaitingTimes;
  };
  /**
   * Settle how long events wait for providers; what comes later is written when it comes.
   *
   * The key needs the scope `enrichment:write`.
   */
  "PUT /api/v1/enrichment/budget": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: WaitingTimes;
    answer: WaitingTimes;
  };
  /**
   * Have a file of all users written.
   *
   * The key needs the scope `users:export`.
   */
  "POST /api/v1/exports": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: ExportWanted;
    answer: Export;
  };
  /**
   * List the exports of the last day, the latest first.
   *
   * The key needs the scope `users:export`.
   */
  "GET /api/v1/exports": {
    path: Record<string, never>;
    query: { "limit"?: number; "cursor"?: string };
    body: undefined;
    answer: Page_Export_;
  };
  /**
   * Say how far an export is.
   *
   * The key needs the scope `users:export`.
   */
  "GET /api/v1/exports/{export_id}": {
    path: { "export_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: Export;
  };
  /**
   * Download the file; it is streamed.
   *
   * The key needs the scope `users:export`.
   */
  "GET /api/v1/exports/{export_id}/file": {
    path: { "export_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: Response;
  };
  /**
   * List the groups by key.
   *
   * The key needs the scope `roles:read`.
   */
  "GET /api/v1/groups": {
    path: Record<string, never>;
    query: { "limit"?: number; "cursor"?: string };
    body: undefined;
    answer: Page_ShownGroup_;
  };
  /**
   * Make a group.
   *
   * The key needs the scope `roles:write`.
   */
  "POST /api/v1/groups": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: NewGroup;
    answer: ShownGroup;
  };
  /**
   * Read a group, with the roles everybody in it has.
   *
   * The key needs the scope `roles:read`.
   */
  "GET /api/v1/groups/{key}": {
    path: { "key": string };
    query: Record<string, never>;
    body: undefined;
    answer: ShownGroup;
  };
  /**
   * Change a group's key, name, description or roles.
   *
   * The key needs the scope `roles:write`.
   */
  "PATCH /api/v1/groups/{key}": {
    path: { "key": string };
    query: Record<string, never>;
    body: GroupChange;
    answer: ShownGroup;
  };
  /**
   * Remove a group: nobody is in it any more.
   *
   * The key needs the scope `roles:write`.
   */
  "DELETE /api/v1/groups/{key}": {
    path: { "key": string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * List what hooks did, the latest first.
   *
   * The key needs the scope `hooks:read`.
   */
  "GET /api/v1/hook-runs": {
    path: Record<string, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
      "hook"?: string;
      "event"?: string;
      "outcome"?: Outcome | null;
      "user_id"?: string | null;
      "since"?: string | null;
      "until"?: string | null;
    };
    body: undefined;
    answer: Page_HookRunLine_;
  };
  /**
   * Read one call with everything that is known of it.
   *
   * The key needs the scope `hooks:read`.
   */
  "GET /api/v1/hook-runs/{id}": {
    path: { "id": number };
    query: Record<string, never>;
    body: undefined;
    answer: HookRun;
  };
  /**
   * List the hooks in their order.
   *
   * The key needs the scope `hooks:read`.
   */
  "GET /api/v1/hooks": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Array<HookShown>;
  };
  /**
   * Make a hook. Its script is parsed and type-checked first.
   *
   * The key needs the scope `hooks:write`.
   */
  "POST /api/v1/hooks": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: NewHook;
    answer: HookShown;
  };
  /**
   * Parse and type-check a script. Nothing is saved.
   *
   * The key needs the scope `hooks:write`.
   */
  "POST /api/v1/hooks/check": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: ScriptSource;
    answer: ScriptChecked;
  };
  /**
   * Put the hooks into another order.
   *
   * The key needs the scope `hooks:write`.
   */
  "PUT /api/v1/hooks/order": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: HookOrder;
    answer: HookOrder;
  };
  /**
   * Read one hook, its script too.
   *
   * The key needs the scope `hooks:read`.
   */
  "GET /api/v1/hooks/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: HookShown;
  };
  /**
   * Change a hook: enable or disable it, give it another script. It is kept as a new version.
   *
   * The key needs the scope `hooks:write`.
   */
  "PATCH /api/v1/hooks/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: HookChange;
    answer: HookShown;
  };
  /**
   * Remove a hook; what it did stays in the log.
   *
   * The key needs the scope `hooks:write`.
   */
  "DELETE /api/v1/hooks/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * Call a hook with an event. Values of sensitive attributes are masked in what it says.
   *
   * The key needs the scope `hooks:write`.
   */
  "POST /api/v1/hooks/{name}/test": {
    path: { "name": string };
    query: Record<string, never>;
    body: HookTrial;
    answer: HookTried;
  };
  /**
   * List the versions of a hook, the latest first.
   *
   * The key needs the scope `hooks:read`.
   */
  "GET /api/v1/hooks/{name}/versions": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: Array<HookVersionLine>;
  };
  /**
   * Read one version.
   *
   * The key needs the scope `hooks:read`.
   */
  "GET /api/v1/hooks/{name}/versions/{number}": {
    path: { "name": string; "number": number };
    query: Record<string, never>;
    body: undefined;
    answer: HookVersion;
  };
  /**
   * Make a hook what it was in a version, which is kept as a new one.
   *
   * The key needs the scope `hooks:write`.
   */
  "POST /api/v1/hooks/{name}/versions/{number}/restore": {
    path: { "name": string; "number": number };
    query: Record<string, never>;
    body: undefined;
    answer: HookShown;
  };
  /**
   * Send users: a JSON object a line, or CSV whose first line names the columns.
   *
   * The body may have any length. Rows that cannot be read, or be meant, fail by themselves.
   *
   * The key needs the scope `users:import`.
   */
  "POST /api/v1/imports": {
    path: Record<string, never>;
    query: {
      "identifier"?: "email" | "phone_number" | "preferred_username";
      "upsert"?: boolean;
      "dry_run"?: boolean;
      "hooks"?: boolean;
      "enrich"?: boolean;
    };
    body: BodyInit;
    answer: Import;
  };
  /**
   * List the imports of the last day, the latest first.
   *
   * The key needs the scope `users:import`.
   */
  "GET /api/v1/imports": {
    path: Record<string, never>;
    query: { "limit"?: number; "cursor"?: string };
    body: undefined;
    answer: Page_Import_;
  };
  /**
   * Say how far an import is.
   *
   * The key needs the scope `users:import`.
   */
  "GET /api/v1/imports/{import_id}": {
    path: { "import_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: Import;
  };
  /**
   * End an import where it is. Users who are written stay.
   *
   * The key needs the scope `users:import`.
   */
  "POST /api/v1/imports/{import_id}/cancel": {
    path: { "import_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: Import;
  };
  /**
   * Say what became of each row, as NDJSON in the order of the rows; `Link` leads onward.
   *
   * The key needs the scope `users:import`.
   */
  "GET /api/v1/imports/{import_id}/outcomes": {
    path: { "import_id": string };
    query: {
      "outcome"?: "inserted" | "updated" | "skipped" | "failed" | null;
      "after"?: number;
      "limit"?: number;
    };
    body: undefined;
    answer: Response;
  };
  /**
   * Say what to ask now, and count it as asked; with `open`, list all that may be answered.
   */
  "GET /api/v1/me/questions": {
    path: Record<string, never>;
    query: { "open"?: boolean };
    body: undefined;
    answer: Questions;
  };
  /**
   * Take in an answer, or that there is none. Any open question may be answered at any time.
   */
  "POST /api/v1/me/questions/{key}": {
    path: { "key": string };
    query: Record<string, never>;
    body: Reply;
    answer: Done;
  };
  /**
   * List the providers that are configured.
   *
   * The key needs the scope `enrichment:read`.
   */
  "GET /api/v1/providers": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Array<ProviderShown>;
  };
  /**
   * List the kinds of provider there are.
   *
   * The key needs the scope `enrichment:read`.
   */
  "GET /api/v1/providers/kinds": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Array<ProviderKind>;
  };
  /**
   * Read one provider.
   *
   * The key needs the scope `enrichment:read`.
   */
  "GET /api/v1/providers/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: ProviderShown;
  };
  /**
   * Write a provider, new or changed. Without `kind` its kind is its name.
   *
   * The key needs the scope `enrichment:write`.
   */
  "PUT /api/v1/providers/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: ProviderEntry;
    answer: ProviderShown;
  };
  /**
   * Remove a provider, its steps in waterfalls and its kept answers.
   *
   * The key needs the scope `enrichment:write`.
   */
  "DELETE /api/v1/providers/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * Have a provider that is left alone asked again at once.
   *
   * The key needs the scope `enrichment:write`.
   */
  "POST /api/v1/providers/{name}/lift": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * Ask a provider for real; that may cost. Nothing is written to any profile.
   *
   * The key needs the scope `enrichment:write`.
   */
  "POST /api/v1/providers/{name}/test": {
    path: { "name": string };
    query: Record<string, never>;
    body: ProviderInputs;
    answer: ProviderTried;
  };
  /**
   * Say what came of a provider's lookups, what it cost, and how its budget stands.
   *
   * The key needs the scope `enrichment:read`.
   */
  "GET /api/v1/providers/{name}/usage": {
    path: { "name": string };
    query: { "window"?: "24h" | "7d" | "30d" };
    body: undefined;
    answer: ProviderUsage;
  };
  /**
   * List the purposes, those that hold by themselves too.
   *
   * The key needs the scope `enrichment:read`.
   */
  "GET /api/v1/purposes": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Array<PurposeShown>;
  };
  /**
   * Settle what a purpose rests on; it may be a new one.
   *
   * The key needs the scope `enrichment:write`.
   */
  "PUT /api/v1/purposes/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: PurposeEntry;
    answer: PurposeShown;
  };
  /**
   * Settle nothing about a purpose any more: who serves it needs consent from then on.
   *
   * The key needs the scope `enrichment:write`.
   */
  "DELETE /api/v1/purposes/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * List the questions in their order.
   *
   * The key needs the scope `questions:read`.
   */
  "GET /api/v1/questions": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Array<QuestionShown>;
  };
  /**
   * Read how much people are asked.
   *
   * The key needs the scope `questions:read`.
   */
  "GET /api/v1/questions/manners": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Manners;
  };
  /**
   * Settle how much people are asked; what is left out has its default.
   *
   * The key needs the scope `questions:write`.
   */
  "PUT /api/v1/questions/manners": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: Manners;
    answer: Manners;
  };
  /**
   * Put the questions into another order.
   *
   * The key needs the scope `questions:write`.
   */
  "PUT /api/v1/questions/order": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: QuestionOrder;
    answer: QuestionOrder;
  };
  /**
   * Read one question.
   *
   * The key needs the scope `questions:read`.
   */
  "GET /api/v1/questions/{key}": {
    path: { "key": string };
    query: Record<string, never>;
    body: undefined;
    answer: QuestionShown;
  };
  /**
   * Write a question, new or changed; a new one is asked behind the others.
   *
   * The key needs the scope `questions:write`.
   */
  "PUT /api/v1/questions/{key}": {
    path: { "key": string };
    query: Record<string, never>;
    body: QuestionEntry;
    answer: QuestionShown;
  };
  /**
   * Remove a question; what people answered stays in their profiles.
   *
   * The key needs the scope `questions:write`.
   */
  "DELETE /api/v1/questions/{key}": {
    path: { "key": string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * Say how many people were asked in a stretch of time until now, and what they did.
   *
   * The key needs the scope `questions:read`.
   */
  "GET /api/v1/questions/{key}/figures": {
    path: { "key": string };
    query: { "window"?: "7d" | "30d" | "26w" };
    body: undefined;
    answer: QuestionFigures;
  };
  /**
   * List the roles by key.
   *
   * The key needs the scope `roles:read`.
   */
  "GET /api/v1/roles": {
    path: Record<string, never>;
    query: { "limit"?: number; "cursor"?: string };
    body: undefined;
    answer: Page_ShownRole_;
  };
  /**
   * Make a role.
   *
   * The key needs the scope `roles:write`.
   */
  "POST /api/v1/roles": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: NewRole;
    answer: ShownRole;
  };
  /**
   * Read a role.
   *
   * The key needs the scope `roles:read`.
   */
  "GET /api/v1/roles/{key}": {
    path: { "key": string };
    query: Record<string, never>;
    body: undefined;
    answer: ShownRole;
  };
  /**
   * Change a role's key, name or description.
   *
   * The key needs the scope `roles:write`.
   */
  "PATCH /api/v1/roles/{key}": {
    path: { "key": string };
    query: Record<string, never>;
    body: RoleChange;
    answer: ShownRole;
  };
  /**
   * Remove a role: nobody has it any more.
   *
   * The key needs the scope `roles:write`.
   */
  "DELETE /api/v1/roles/{key}": {
    path: { "key": string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * List the secrets by name.
   *
   * The key needs the scope `secrets:write`.
   */
  "GET /api/v1/secrets": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Array<SecretShown>;
  };
  /**
   * Set a secret's value, and which hooks may use it. Nobody can read the value again.
   *
   * The key needs the scope `secrets:write`.
   */
  "PUT /api/v1/secrets/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: SecretEntry;
    answer: SecretShown;
  };
  /**
   * Remove a secret no script names, or one that some do by `force`.
   *
   * The key needs the scope `secrets:write`.
   */
  "DELETE /api/v1/secrets/{name}": {
    path: { "name": string };
    query: { "force"?: boolean };
    body: undefined;
    answer: undefined;
  };
  /**
   * List the segments with their rules.
   *
   * The key needs the scope `questions:read`.
   */
  "GET /api/v1/segments": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Array<SegmentShown>;
  };
  /**
   * Count whom a rule holds for, before there is a segment of it.
   *
   * The key needs the scopes `questions:read` and `users:read`.
   */
  "POST /api/v1/segments/count": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: SegmentRule;
    answer: SegmentCount;
  };
  /**
   * Read one segment.
   *
   * The key needs the scope `questions:read`.
   */
  "GET /api/v1/segments/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: SegmentShown;
  };
  /**
   * Write a segment, new or changed.
   *
   * The key needs the scope `questions:write`.
   */
  "PUT /api/v1/segments/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: SegmentRule;
    answer: SegmentShown;
  };
  /**
   * Remove a segment no question asks for.
   *
   * The key needs the scope `questions:write`.
   */
  "DELETE /api/v1/segments/{name}": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * Count who is in a segment now.
   *
   * The key needs the scopes `questions:read` and `users:read`.
   */
  "GET /api/v1/segments/{name}/count": {
    path: { "name": string };
    query: Record<string, never>;
    body: undefined;
    answer: SegmentCount;
  };
  /**
   * Make a user. Hooks of `user.pre_create` are asked and may refuse or change them.
   *
   * The key needs the scope `users:write`.
   */
  "POST /api/v1/users": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: NewUser;
    answer: ShownUser;
  };
  /**
   * List users, the newest first, as far as all filters hold for them.
   *
   * The key needs the scope `users:read`.
   */
  "GET /api/v1/users": {
    path: Record<string, never>;
    query: {
      "q"?: string;
      "id"?: Array<string>;
      "email"?: string;
      "domain"?: string;
      "phone_number"?: string;
      "username"?: string;
      "name"?: string;
      "attribute"?: Array<string>;
      "role"?: Array<string>;
      "group"?: Array<string>;
      "segment"?: string;
      "status"?:
        | "active"
        | "disabled"
        | "deletion_scheduled"
        | "anonymization_scheduled"
        | "anonymized"
        | null;
      "created_from"?: string | null;
      "created_before"?: string | null;
      "limit"?: number;
      "cursor"?: string;
    };
    body: undefined;
    answer: Page_ShownUser_;
  };
  /**
   * Delete an account and all that is known of its person, at once. It cannot be had back.
   *
   * The key needs the scope `users:delete`.
   */
  "DELETE /api/v1/users/{user_id}": {
    path: { "user_id": string };
    query: { "reason"?: string };
    body: undefined;
    answer: undefined;
  };
  /**
   * Read a user, with their profile, roles and groups.
   *
   * The key needs the scope `users:read`.
   */
  "GET /api/v1/users/{user_id}": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: ShownUser;
  };
  /**
   * Close an account and anonymise it after some days. Hooks may refuse it.
   *
   * The key needs the scope `users:delete`.
   */
  "PUT /api/v1/users/{user_id}/anonymization": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: Anonymization | null;
    answer: ShownUser;
  };
  /**
   * Leave an account that was to be anonymised as it is, and open it.
   *
   * The key needs the scope `users:delete`.
   */
  "DELETE /api/v1/users/{user_id}/anonymization": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: ShownUser;
  };
  /**
   * Remove all that is personal from an account, at once, and keep the account.
   *
   * The key needs the scope `users:delete`.
   */
  "POST /api/v1/users/{user_id}/anonymize": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: ShownUser;
  };
  /**
   * Close an account and delete it after the grace period. Hooks may refuse it.
   *
   * The key needs the scope `users:delete`.
   */
  "PUT /api/v1/users/{user_id}/deletion": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: Deletion | null;
    answer: ShownUser;
  };
  /**
   * Keep an account that was to be deleted, and open it.
   *
   * The key needs the scope `users:delete`.
   */
  "DELETE /api/v1/users/{user_id}/deletion": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: ShownUser;
  };
  /**
   * Close an account, for good or for a time.
   *
   * The key needs the scope `users:write`.
   */
  "POST /api/v1/users/{user_id}/disable": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: Disable | null;
    answer: ShownUser;
  };
  /**
   * Open an account again. One that is to be deleted or anonymised is kept first.
   *
   * The key needs the scope `users:write`.
   */
  "POST /api/v1/users/{user_id}/enable": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: ShownUser;
  };
  /**
   * Ask providers for what is missing of a user.
   *
   * They are asked with what the profile holds, never with the address this request came from.
   *
   * The key needs the scope `users:enrich`.
   */
  "POST /api/v1/users/{user_id}/enrich": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: Wish | null;
    answer: Enriched;
  };
  /**
   * Say whom enriching a user would ask, and whom not and why. Nobody is asked.
   *
   * The key needs the scope `users:enrich`.
   */
  "GET /api/v1/users/{user_id}/enrich": {
    path: { "user_id": string };
    query: { "want"?: Array<string> };
    body: undefined;
    answer: Planned;
  };
  /**
   * Read every fact behind a user's profile.
   *
   * The key needs the scope `users:read`.
   */
  "GET /api/v1/users/{user_id}/facts": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: Facts;
  };
  /**
   * Say why an attribute has its value: which source won, over whom, and by which rule.
   *
   * The key needs the scope `users:read`.
   */
  "GET /api/v1/users/{user_id}/facts/{attribute}": {
    path: { "user_id": string; "attribute": string };
    query: Record<string, never>;
    body: undefined;
    answer: Explained;
  };
  /**
   * List what was said of a user, the latest first.
   *
   * The key needs the scope `users:read`.
   */
  "GET /api/v1/users/{user_id}/history": {
    path: { "user_id": string };
    query: { "limit"?: number; "cursor"?: string };
    body: undefined;
    answer: Page_Moment_;
  };
  /**
   * List what a user signs in with.
   *
   * The key needs the scope `users:read`.
   */
  "GET /api/v1/users/{user_id}/identities": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: Identities;
  };
  /**
   * Add an e-mail address, a phone number or a username. The profile follows by itself.
   *
   * The key needs the scope `users:write`.
   */
  "POST /api/v1/users/{user_id}/identities": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: NewIdentity;
    answer: ShownIdentity;
  };
  /**
   * Put another value in its place, or say whether it is verified.
   *
   * The key needs the scope `users:write`.
   */
  "PATCH /api/v1/users/{user_id}/identities/{identity_id}": {
    path: { "user_id": string; "identity_id": string };
    query: Record<string, never>;
    body: Change;
    answer: ShownIdentity;
  };
  /**
   * Take a way to sign in away. The last one stays.
   *
   * The key needs the scope `users:write`.
   */
  "DELETE /api/v1/users/{user_id}/identities/{identity_id}": {
    path: { "user_id": string; "identity_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * Read which roles and groups a user has.
   *
   * The key needs the scope `users:read`.
   */
  "GET /api/v1/users/{user_id}/memberships": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: Memberships;
  };
  /**
   * Give a user exactly these roles or groups.
   *
   * The key needs the scope `users:write`.
   */
  "PATCH /api/v1/users/{user_id}/memberships": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: MembershipsWanted;
    answer: Memberships;
  };
  /**
   * Set a user's password, or take it away. They are signed out everywhere.
   *
   * The key needs the scope `users:write`.
   */
  "PUT /api/v1/users/{user_id}/password": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: NewPassword;
    answer: undefined;
  };
  /**
   * Send a user the mail with which they set a new password.
   *
   * The key needs the scope `users:write`.
   */
  "POST /api/v1/users/{user_id}/password-reset": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * Read a user's profile as it can be written.
   *
   * The key needs the scope `users:read`.
   */
  "GET /api/v1/users/{user_id}/profile": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: ShownProfile;
  };
  /**
   * Replace a user's profile. `If-Match` says in view of which one; it is demanded.
   *
   * The key needs the scope `users:write`.
   */
  "PUT /api/v1/users/{user_id}/profile": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: Written;
    answer: ShownProfile;
  };
  /**
   * Change some of a user's profile.
   *
   * The key needs the scope `users:write`.
   */
  "PATCH /api/v1/users/{user_id}/profile": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: Patch;
    answer: ShownProfile;
  };
  /**
   * List where a user is signed in.
   *
   * The key needs the scope `users:read`.
   */
  "GET /api/v1/users/{user_id}/sessions": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: Sessions;
  };
  /**
   * Sign a user out everywhere.
   *
   * The key needs the scope `users:write`.
   */
  "DELETE /api/v1/users/{user_id}/sessions": {
    path: { "user_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: Ended;
  };
  /**
   * Sign a user out of one session.
   *
   * The key needs the scope `users:write`.
   */
  "DELETE /api/v1/users/{user_id}/sessions/{session_id}": {
    path: { "user_id": string; "session_id": string };
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * List the waterfalls. An attribute without one is asked for where that is cheapest first.
   *
   * The key needs the scope `enrichment:read`.
   */
  "GET /api/v1/waterfalls": {
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Array<WaterfallShown>;
  };
  /**
   * Write the waterfall of an attribute.
   *
   * The key needs the scope `enrichment:write`.
   */
  "PUT /api/v1/waterfalls/{attribute}": {
    path: { "attribute": string };
    query: Record<string, never>;
    body: WaterfallSteps;
    answer: WaterfallShown;
  };
}
