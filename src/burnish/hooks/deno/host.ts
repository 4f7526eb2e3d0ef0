/**
 * The main thread: passes calls from Burnish (lines of JSON on stdin) to the worker that runs the
 * script, and what the worker says back to Burnish (lines on stdout). It alone knows the secret
 * every line to Burnish begins with, so nothing a script writes to stdout passes for an answer.
 * It ends when stdin ends: a Burnish that was killed leaves nothing behind.
 *
 * A script's calls share one worker, or each has one to itself, which is made before it is needed
 * and ended with the call.
 */

import type { FromWorker, HostedReply, Module, Reply, Settings } from "./messages.ts";

type FromBurnish =
  | ["boot", secret: string, settings: Settings]
  | ["load", name: string, source: string, modules: Module[], fresh: boolean]
  | ["call", id: number, event: string, secrets: Record<string, string>]
  | ["cancel", id: number]
  | ["fetched", fetch: number, reply: HostedReply]
  | ["cached" | "enriched", request: number, reply: Reply];

interface Lane {
  worker: Worker;
  port: MessagePort;
  ready: Promise<void>;
}

interface Call {
  id: number;
  lane: Lane;
  text: string;
  cut: boolean;
  timer: ReturnType<typeof setTimeout> | null;
}

/** A call that answers within this time costs one line instead of two. */
const NOTE_AFTER_MS = 2;
/** How long a worker that broke may still be heard. */
const DRAIN_MS = 20;
/** Workers kept ready where each call has its own, and how many may run at a time. */
const SPARES = 2;
const MOST_LANES = 8;

const encoder = new TextEncoder();
const calls = new Map<string, Call>();
const keys = new Map<number, string>();
/** What waits for an answer of Burnish, by our number: where it goes, and its number there. */
const waiting = new Map<number, [lane: Lane, inner: number]>();
const queue: ["call", number, string, Record<string, string>][] = [];
const spares: Lane[] = [];
let asked = 0;
let busy = 0;
let secret = "";
let settings: Settings;
let script: ["load", string, string, Module[]] | undefined;
let fresh = false;
let lane: Lane;

function write(lines: string): void {
  const bytes = encoder.encode(lines);
  let written = 0;
  while (written < bytes.length) written += Deno.stdout.writeSync(bytes.subarray(written));
}

const line = (message: unknown[]): string => `${secret} ${JSON.stringify(message)}\n`;

/** The line that says the call has begun, with the output it has made since the last one. */
function note(call: Call): string {
  const said = line(["note", call.id, call.text, call.cut]);
  call.text = "";
  call.timer = null;
  return said;
}

function noteSoon(call: Call): void {
  call.timer ??= setTimeout(() => write(note(call)), NOTE_AFTER_MS);
}

function forget(key: string, call: Call): void {
  calls.delete(key);
  keys.delete(call.id);
  if (call.timer !== null) clearTimeout(call.timer);
  if (fresh) leave(call.lane);
}

function finish(key: string, call: Call, message: unknown[]): void {
  write((call.text || call.cut ? note(call) : "") + line(message));
  forget(key, call);
}

function remember(lane: Lane, inner: number): number {
  waiting.set(++asked, [lane, inner]);
  return asked;
}

function fromWorker(message: FromWorker): void {
  const [kind, key] = message;
  if (kind === "pong") return write(line(["pong"]));
  const call = calls.get(key);
  if (!call) return;
  switch (kind) {
    case "start":
      return noteSoon(call);
    case "text":
      call.text += message[2];
      return noteSoon(call);
    case "cut":
      call.cut = true;
      return noteSoon(call);
    case "done":
      return finish(key, call, ["done", call.id, message[2]]);
    case "fault":
      return finish(key, call, ["fault", call.id, message[2]]);
    case "fetch":
    case "cache":
    case "enrich":
      return write(line([kind, call.id, remember(call.lane, message[2]), message[3]]));
    case "request":
      return write(line(["request", call.id, message[2], message[3], message[4]]));
    case "abort":
      return abort(call.lane, message[2]);
  }
}

function abort(lane: Lane, inner: number): void {
  for (const [outer, [of, number]] of waiting) {
    if (of !== lane || number !== inner) continue;
    waiting.delete(outer);
    return write(line(["abort", outer]));
  }
}

function open(): Lane {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    type: "module",
    deno: {
      permissions: {
        net: "inherit",
        env: false,
        ffi: false,
        import: false,
        read: false,
        run: false,
        sys: false,
        write: false,
      },
    },
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    console.error(event.message);
    // What the worker said before it broke is still on its way.
    setTimeout(() => {
      for (const call of calls.values()) if (call.text || call.cut) write(note(call));
      Deno.exit(70);
    }, DRAIN_MS);
  });
  const channel = new MessageChannel();
  channel.port1.onmessage = (event) => fromWorker(event.data);
  const ready = new Promise<void>((done) => worker.onmessage = () => done());
  worker.postMessage({ port: channel.port2, settings }, [channel.port2]);
  return { worker, port: channel.port1, ready };
}

/** Keep some workers ready that have the script loaded and no call behind them. */
function prepare(): void {
  while (script && spares.length < SPARES) {
    const spare = open();
    spare.port.postMessage(script);
    spares.push(spare);
  }
}

function leave(lane: Lane): void {
  lane.worker.terminate();
  lane.port.close();
  for (const [outer, [of]] of waiting) if (of === lane) waiting.delete(outer);
  busy -= 1;
  const next = queue.shift();
  if (next) begin(next);
}

function begin(message: ["call", number, string, Record<string, string>]): void {
  const [, id, event, secrets] = message;
  if (fresh) {
    if (busy >= MOST_LANES) return void queue.push(message);
    busy += 1;
    prepare();
  }
  const chosen = fresh ? spares.shift()! : lane;
  const key = crypto.randomUUID();
  calls.set(key, { id, lane: chosen, text: "", cut: false, timer: null });
  keys.set(id, key);
  chosen.port.postMessage(["call", key, event, secrets]);
  if (fresh) setTimeout(prepare);
}

function cancel(id: number): void {
  const key = keys.get(id);
  const call = key === undefined ? undefined : calls.get(key);
  if (key === undefined || !call) {
    const place = queue.findIndex((message) => message[1] === id);
    if (place >= 0) queue.splice(place, 1);
    return write(line(["pong"]));
  }
  forget(key, call);
  // A worker of its own is gone by now; a shared one must say that it still listens.
  if (fresh) return write(line(["pong"]));
  call.lane.port.postMessage(["cancel", key]);
}

function answer(
  message: ["fetched", number, HostedReply] | ["cached" | "enriched", number, Reply],
): void {
  const [kind, outer, reply] = message;
  const found = waiting.get(outer);
  waiting.delete(outer);
  found?.[0].port.postMessage([kind, found[1], reply]);
}

async function boot(): Promise<void> {
  lane = open();
  await lane.ready;
  write(line(["ready"]));
}

function fromBurnish(message: FromBurnish): void {
  switch (message[0]) {
    case "boot":
      [secret, settings] = [message[1], message[2]];
      return void boot();
    case "load":
      script = ["load", message[1], message[2], message[3]];
      fresh = message[4];
      lane.port.postMessage(script);
      if (fresh) spares.push(lane);
      return fresh ? prepare() : undefined;
    case "call":
      return begin(message);
    case "cancel":
      return cancel(message[1]);
    default:
      return answer(message);
  }
}

let rest = "";
const decoder = new TextDecoder();
for await (const chunk of Deno.stdin.readable) {
  const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
  rest = lines.pop() ?? "";
  for (const text of lines) fromBurnish(JSON.parse(text));
}
Deno.exit(0);
