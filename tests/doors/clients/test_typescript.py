"""`@burnish/client` does at a running service what it says, in Node and in Deno."""

import json
import subprocess
import sys
from pathlib import Path

from tests.doors.clients.javascript import in_node
from tests.journeys.conftest import Service, environment

BEGIN = """
import { Burnish, Problem } from "DIST/index.js";
const [url, apiKey] = (globalThis.Deno?.args ?? process.argv.slice(2));
const known = new Set();
let turnedAway = 0;
/** Turns every request away the first time. */
const busy = (address, init) => {
  const asked = `${init.method} ${address}`;
  if (known.has(asked)) return fetch(address, init);
  known.add(asked);
  turnedAway++;
  return Promise.resolve(new Response("", { status: 429, headers: { "Retry-After": "0" } }));
};
const refused = (asking) => asking.then(() => null, (error) => [error.status, error.code]);
const client = new Burnish({ url, apiKey });
"""
LIFE = """
const made = [];
const patient = new Burnish({ url, apiKey, fetch: busy });
for (let n = 0; n < 5; n++) {
  made.push((await patient.users.create({ email: `t${n}@ts.example` })).id);
}
const pages = [];
for await (const page of patient.users.list({ domain: "ts.example", limit: 2 }).pages()) {
  pages.push(page.items.length);
}
const listed = [];
for await (const user of patient.users.list({ domain: "ts.example", limit: 2 })) {
  listed.push(user.id);
}

const [id] = made;
const seen = await client.profiles.get(id);
await client.profiles.patch(id, { custom_attributes: { score: 5 } });
let tries = 0;
const now = await client.profiles.update(id, async (profile) => {
  if (++tries === 1) await client.profiles.patch(id, { custom_attributes: { score: 6 } });
  return { custom_attributes: { score: profile.custom_attributes.score + 1 } };
});
console.log(JSON.stringify({
  pages,
  inOrder: listed.join() === [...made].reverse().join(),
  turnedAway,
  changed: await refused(client.profiles.replace(id, {}, seen.etag)),
  taken: await refused(client.users.create({ email: "t1@ts.example" })),
  stranger: await refused(new Burnish({ url, apiKey: "bk_none" }).users.list().first()),
  score: now.custom_attributes.score,
  tries,
  why: (await client.profiles.explain(id, "city")).value,
  deleted: [await client.users.delete(made[4]), await refused(client.users.get(made[4]))],
}));
"""
TRANSFERS = """
const people = [{ email: "d1@deno.example" }, { email: "d2@deno.example" }, { email: "d3" }];
const begun = await client.imports.begin(people);
const run = await client.imports.finished(begun.id);
const failed = [];
for await (const outcome of client.imports.outcomes(run.id)) failed.push(outcome.outcome);
const file = await client.exports.finished((await client.exports.begin("csv", ["/email"])).id);
const text = await (await client.exports.download(file.id)).text();
await client.roles.create({ key: "from_deno" });
const entry = await client.audit.list({ kind: "role", subject: "from_deno" }).first();
console.log(JSON.stringify({
  outcomes: failed,
  exported: text.includes("d1@deno.example"),
  actor: entry.actor,
  attributes: (await client.attributes.list()).custom.map((one) => one.name).sort(),
  hooks: (await client.ask("GET /api/v1/hooks")).length,
}));
"""


def test_in_node_it_pages_waits_its_turn_and_loses_no_change(
    service: Service, api_key: str, dist: str
) -> None:
    told = json.loads(in_node(BEGIN.replace("DIST", dist) + LIFE, service.url, api_key))

    assert told == {
        "pages": [2, 2, 1],
        "inOrder": True,
        "turnedAway": 4,
        "changed": [412, "precondition_failed"],
        "taken": [409, "identity_taken"],
        "stranger": [401, "unauthorized"],
        "score": 7,
        "tries": 2,
        "why": "Lyon",
        "deleted": [None, [404, "user_not_found"]],
    }


def test_in_deno_it_takes_users_in_and_out(
    service: Service, api_key: str, dist: str, tmp_path: Path
) -> None:
    program = tmp_path / "program.js"
    program.write_text(BEGIN.replace("DIST", dist) + TRANSFERS)
    command = [Path(sys.executable).with_name("deno"), "run", "--quiet", "--no-lock"]
    allowed = ["--allow-net=127.0.0.1", f"--allow-read={dist},{tmp_path}", str(program)]

    done = subprocess.run(
        [*command, *allowed, service.url, api_key],
        capture_output=True,
        text=True,
        env=environment(DENO_DIR=str(tmp_path / "deno")),
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "outcomes": ["inserted", "inserted", "failed"],
        "exported": True,
        "actor": "everything",
        "attributes": ["city", "score"],
        "hooks": 1,
    }
