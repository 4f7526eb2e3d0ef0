"""What a key may be allowed to do."""

USERS_READ = "users:read"
USERS_WRITE = "users:write"
USERS_DELETE = "users:delete"
USERS_ENRICH = "users:enrich"
USERS_IMPORT = "users:import"
USERS_EXPORT = "users:export"
USERS_SECRETS = "users:secrets"
ROLES_READ = "roles:read"
ROLES_WRITE = "roles:write"
ATTRIBUTES_READ = "attributes:read"
ATTRIBUTES_WRITE = "attributes:write"
HOOKS_READ = "hooks:read"
HOOKS_WRITE = "hooks:write"
SECRETS_WRITE = "secrets:write"
ENRICHMENT_READ = "enrichment:read"
ENRICHMENT_WRITE = "enrichment:write"
QUESTIONS_READ = "questions:read"
QUESTIONS_WRITE = "questions:write"
CONFIG_READ = "config:read"
CONFIG_WRITE = "config:write"
AUDIT_READ = "audit:read"
KEYS_WRITE = "keys:write"

SCOPES = {
    USERS_READ: "find users, and read their profiles, identities and sessions",
    USERS_WRITE: "make users, and change their profiles, identities, roles and accounts",
    USERS_DELETE: "delete and anonymise users",
    USERS_ENRICH: "have users' profiles filled in, and read what came of it",
    USERS_IMPORT: "import users, with their passwords, and read what came of it",
    USERS_EXPORT: "export all users, without secrets they sign in with",
    USERS_SECRETS: "have secrets of authenticator apps in an export; never an administrator's",
    ROLES_READ: "read roles and groups",
    ROLES_WRITE: "make, change and remove roles and groups",
    ATTRIBUTES_READ: "read which attributes there are",
    ATTRIBUTES_WRITE: "define, change, retire and purge attributes",
    HOOKS_READ: "read hooks, their log and their deliveries",
    HOOKS_WRITE: "make, change, try and remove hooks, and have deliveries made again",
    SECRETS_WRITE: "set and remove secrets, and see their names; never a value",
    ENRICHMENT_READ: "read providers, waterfalls, purposes and their figures",
    ENRICHMENT_WRITE: "make, change, try and remove providers, waterfalls and purposes",
    QUESTIONS_READ: "read questions and segments, and their figures",
    QUESTIONS_WRITE: "make, change and remove questions and segments",
    CONFIG_READ: "read the whole configuration, scripts included",
    CONFIG_WRITE: "apply a configuration: whatever the other scopes settle, all at once",
    AUDIT_READ: "read the audit log",
    KEYS_WRITE: "list, make and revoke API keys; none that may do more than its maker",
}
"""Every scope by name, in words."""
