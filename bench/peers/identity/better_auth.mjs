// Better Auth on PostgreSQL behind Node's own server, as its documentation has one set it up, with
// our password hash. `node better_auth.mjs serve` listens; `... migrate` makes its tables.
// VENDOR names what a sign-up asks: before the endpoint (`HOOK=endpoint`), or as the documentation
// shows for amending users, before the user is created (`HOOK=database`).
import cluster from "node:cluster";
import http from "node:http";
import rust from "@node-rs/argon2";
import reference from "argon2";
import { betterAuth } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import pg from "pg";

const { DATABASE_URL, PORT = "0", POOL = "20", PROCESSES = "1" } = process.env;
const { SECRET, HASH = "rust", ATTRIBUTES = "", HOOK = "", VENDOR = "" } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL) });
// HASH chooses between two libraries: one in Rust, which Better Auth's documentation shows, or the
// reference in C, on which ours is built. Both make Argon2id unless told otherwise; the costs are
// those of identity/passwords.py.
const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };
const library = { rust, reference }[HASH];
const ask = async () => {
  const answer = await fetch(VENDOR, { method: "POST", body: "{}" });
  if (!answer.ok) throw new Error(`the vendor answered ${answer.status}`);
  return answer.json();
};
const attributes = ATTRIBUTES.split(",").filter(Boolean);

const options = {
  baseURL: "http://127.0.0.1",
  secret: SECRET,
  database: pool,
  telemetry: { enabled: false },
  rateLimit: { enabled: false },
  logger: { level: "error" },
  advanced: { disableCSRFCheck: true, disableOriginCheck: true },
  emailAndPassword: {
    enabled: true,
    password: {
      hash: (password) => library.hash(password, cost),
      verify: (told) => library.verify(told.hash, told.password),
    },
  },
  user: {
    additionalFields: Object.fromEntries(
      attributes.map((name) => [name, { type: "string", required: false, input: false }]),
    ),
  },
};
if (HOOK === "database") {
  options.databaseHooks = {
    user: { create: { before: async (user) => (await ask(), { data: user }) } },
  };
}
if (HOOK === "endpoint") {
  const before = async ({ path }) => path === "/sign-up/email" ? void await ask() : undefined;
  options.hooks = { before: createAuthMiddleware(before) };
}

if (process.argv[2] === "migrate") {
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
  await pool.end();
} else if (cluster.isPrimary && PROCESSES !== "1") {
  for (let n = 0; n < Number(PROCESSES); n++) cluster.fork();
  let ready = 0;
  cluster.on("listening", (_, { port }) => ++ready === Number(PROCESSES) && console.log(port));
} else {
  const server = http.createServer(toNodeHandler(betterAuth(options)));
  server.listen(
    Number(PORT),
    "127.0.0.1",
    () => cluster.isPrimary && console.log(server.address().port),
  );
}
