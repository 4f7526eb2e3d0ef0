// oidc-provider on PostgreSQL, as its documentation has one write an adapter and an account model:
// tokens, grants and accounts are read from the database with prepared statements, on each request.
// `node oidc.mjs serve` listens; `node oidc.mjs tokens 100` prints access tokens of so many people.
import http from "node:http";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import Provider from "oidc-provider";
import pg from "pg";

const { DATABASE_URL, PORT = "0", POOL = "20", CLAIMS } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL) });
const names = CLAIMS.split(",");

class Table {
  constructor(kind) {
    this.kind = kind;
  }

  async upsert(id, payload, seconds) {
    await pool.query({
      name: "upsert",
      text: `INSERT INTO oidc_payload (kind, id, grant_id, uid, payload, expires_at)
        VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 second')
        ON CONFLICT (kind, id) DO UPDATE SET payload = excluded.payload,
          expires_at = excluded.expires_at`,
      values: [this.kind, id, payload.grantId, payload.uid, payload, seconds],
    });
  }

  async find(id) {
    const { rows } = await pool.query({
      name: "find",
      text: `SELECT payload, consumed_at FROM oidc_payload
        WHERE kind = $1 AND id = $2 AND (expires_at IS NULL OR expires_at > now())`,
      values: [this.kind, id],
    });
    if (!rows.length) return undefined;
    const [{ payload, consumed_at: consumed }] = rows;
    return consumed ? { ...payload, consumed } : payload;
  }

  async destroy(id) {
    await pool.query("DELETE FROM oidc_payload WHERE kind = $1 AND id = $2", [this.kind, id]);
  }

  async consume(id) {
    await pool.query(
      "UPDATE oidc_payload SET consumed_at = now() WHERE kind = $1 AND id = $2",
      [this.kind, id],
    );
  }

  async revokeByGrantId(grant) {
    await pool.query("DELETE FROM oidc_payload WHERE grant_id = $1", [grant]);
  }
}

const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const client = {
  client_id: "bench",
  redirect_uris: ["https://app.example/after"],
  token_endpoint_auth_method: "none",
};
const provider = new Provider("http://127.0.0.1", {
  adapter: Table,
  clients: [client],
  claims: { openid: ["sub"], profile: names },
  jwks: { keys: [key.export({ format: "jwk" })] },
  cookies: { keys: [randomBytes(32).toString("hex")] },
  features: { devInteractions: { enabled: false } },
  ttl: { AccessToken: 3600, Grant: 86400 },
  async findAccount(_, id) {
    const { rows } = await pool.query({
      name: "account",
      text: "SELECT claims FROM account WHERE id = $1",
      values: [id],
    });
    if (!rows.length) return undefined;
    return { accountId: id, claims: () => ({ sub: id, ...rows[0].claims }) };
  },
});

async function token(accountId) {
  const grant = new provider.Grant({ accountId, clientId: client.client_id });
  grant.addOIDCScope("openid profile");
  const grantId = await grant.save();
  const access = new provider.AccessToken({
    accountId,
    client: await provider.Client.find(client.client_id),
    grantId,
    gty: "authorization_code",
    scope: "openid profile",
  });
  return access.save();
}

if (process.argv[2] === "tokens") {
  const { rows } = await pool.query("SELECT id FROM account ORDER BY id LIMIT $1", [
    Number(process.argv[3]),
  ]);
  const tokens = [];
  for (const { id } of rows) tokens.push(await token(id));
  console.log(JSON.stringify(tokens));
  await pool.end();
} else {
  const server = http.createServer(provider.callback());
  server.listen(Number(PORT), "127.0.0.1", () => console.log(server.address().port));
}
