"""What a key may be allowed to do."""

USERS_READ = "users:read"
USERS_WRITE = "users:write"
USERS_DELETE = "users:delete"
USERS_ENRICH = "users:enrich"
USERS_IMPORT = "users:import"
USERS_EXPORT = "users:export"
ROLES_READ = "roles:read"
ROLES_WRITE = "roles:write"
AUDIT_READ = "audit:read"

SCOPES = {
    USERS_READ: "find users, and read their profiles, identities and sessions",
    USERS_WRITE: "make users, and change their profiles, identities, roles and accounts",
    USERS_DELETE: "delete and anonymise users",
    USERS_ENRICH: "have users' profiles filled in, and read what came of it",
    USERS_IMPORT: "import users, with their passwords, and read what came of it",
    USERS_EXPORT: "export all users, with the secrets of their authenticator apps",
    ROLES_READ: "read roles and groups",
    ROLES_WRITE: "make, change and remove roles and groups",
    AUDIT_READ: "read the audit log",
}
"""Every scope by name, in words."""
