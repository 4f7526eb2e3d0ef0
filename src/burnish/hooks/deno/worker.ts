/**
 * The thread a script runs in: it may use the network (but no private addresses) and nothing else.
 * Many calls of the script run here at a time; each has a console and requests of its own.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { Buffer } from "node:buffer";
import process from "node:process";
import { capture, MAX_OUTPUT, type Sink } from "./console.ts";
import { type Ask, type Context, context } from "./context.ts";
import { EXITED, Exited, thrown, unloadable } from "./fault.ts";
import { type Hosted, outbound, watched } from "./fetch.ts";
import type {
  Fault,
  FromWorker,
  HostedReply,
  Module,
  Reply,
  Settings,
  ToWorker,
} from "./messages.ts";

type Hook = (event: unknown, ctx: Context) => unknown;

interface Call extends Sink {
  key: string;
  over: boolean;
}

/** What a call may return, in UTF-16 units of JSON. */
const MAX_RESULT = 1024 * 1024;
/** The package of type names, at any version: it holds nothing that exists at run time. */
const TYPES =
  /(["'])https:\/\/deno\.land\/x\/authgear[-_]deno[-_]hook(@[^"'\/]*)?\/[\w.\/]*\.ts\1/g;

const { parse, stringify } = JSON;
const running = new AsyncLocalStorage<Call>();
const calls = new Map<string, Call>();
const fetches = new Map<number, (reply: HostedReply) => void>();
const questions = new Map<number, (reply: Reply) => void>();
let fetched = 0;
let asked = 0;
let script = "";
let loading: Promise<{ hook: Hook } | { fault: Fault }>;
let say: (message: FromWorker) => void;

/** End the call: what it does afterwards counts no more. */
function end(call: Call, message: FromWorker): void {
  if (call.over) return;
  call.over = true;
  call.room = -1;
  calls.delete(call.key);
  say(message);
}

function fail(call: Call, fault: Fault): void {
  end(call, ["fault", call.key, fault]);
}

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const data = (kind: string, text: string): string =>
  `data:application/${kind};base64,${Buffer.from(text).toString("base64")}`;

/** Let the imports of a script lead to the code that was kept with it. */
function resolved(source: string, modules: Module[]): string {
  let text = source.toWellFormed().replace(TYPES, '"data:application/javascript,"');
  for (const [specifier, code] of modules) {
    const imported = new RegExp(
      `(\\b(?:from|import)\\s*\\(?\\s*)(["'])${quoted(specifier)}\\2`,
      "g",
    );
    const url = data("javascript", code);
    text = text.replace(imported, (_, before) => `${before}"${url}"`);
  }
  return text;
}

async function load(
  source: string,
  modules: Module[],
): Promise<{ hook: Hook } | { fault: Fault }> {
  try {
    const hook = (await import(data("typescript", resolved(source, modules)))).default;
    if (typeof hook === "function") return { hook };
    const [code, message] = hook === undefined
      ? ["no_default_export", "The script has no default export; write `export default`."]
      : ["not_a_function", "The script's default export is not a function."];
    return { fault: { code, message, line: null } };
  } catch (error) {
    return { fault: unloadable(error, script) };
  }
}

function serialized(value: unknown): string {
  const output = stringify(value) ?? "null";
  if (output.length > MAX_RESULT) throw new RangeError("it is longer than 1 MiB");
  return output;
}

async function answer(call: Call, hook: Hook, event: string, ctx: Context): Promise<void> {
  let value: unknown;
  try {
    value = await hook(parse(event), ctx);
  } catch (error) {
    return fail(call, thrown(error, script));
  }
  try {
    end(call, ["done", call.key, serialized(value)]);
  } catch (error) {
    const message = `What the script returned cannot be written as JSON: ${
      thrown(error, script).message
    }`;
    fail(call, { code: "output_not_json", message, line: null });
  }
}

async function start(
  key: string,
  event: string,
  secrets: Record<string, string>,
): Promise<void> {
  const call: Call = {
    key,
    over: false,
    room: MAX_OUTPUT,
    text: (text) => say(["text", key, text]),
    cut: () => say(["cut", key]),
  };
  calls.set(key, call);
  const loaded = await loading;
  if (call.over) return;
  if ("fault" in loaded) return fail(call, loaded.fault);
  say(["start", key]);
  const ctx = context(secrets, asking(call));
  await running.run(call, answer, call, loaded.hook, event, ctx);
}

/** How `ctx` asks Burnish on behalf of a call. */
function asking(call: Call): Ask {
  return (...question) => {
    if (call.over) return Promise.resolve({ error: "The call this belongs to has ended." });
    const id = ++asked;
    return new Promise((resolve) => {
      questions.set(id, (reply) => {
        questions.delete(id);
        resolve(reply);
      });
      const [kind, what] = question;
      say(kind === "cache" ? [kind, call.key, id, what] : [kind, call.key, id, what]);
    });
  };
}

function exit(): never {
  const call = running.getStore();
  if (call) fail(call, EXITED);
  throw new Exited();
}

const hosted: Hosted = (request, signal) => {
  const call = running.getStore();
  if (!call || call.over) throw new TypeError("The call this request belongs to has ended");
  const id = ++fetched;
  return new Promise((resolve, reject) => {
    const abort = () => {
      fetches.delete(id);
      say(["abort", call.key, id]);
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    fetches.set(id, (reply) => {
      fetches.delete(id);
      signal.removeEventListener("abort", abort);
      resolve(reply);
    });
    say(["fetch", call.key, id, request]);
  });
};

/** An error nobody awaited: it belongs to the only call there is, or to no one in particular. */
function stray(event: Event, error: unknown): void {
  event.preventDefault();
  const call = running.getStore() ?? (calls.size === 1 ? [...calls.values()][0] : undefined);
  if (call) fail(call, thrown(error, script));
}

function receive(message: ToWorker): void {
  switch (message[0]) {
    case "load":
      script = message[1];
      loading = load(message[2], message[3]);
      return;
    case "call":
      return void start(message[1], message[2], message[3]);
    case "cancel": {
      const call = calls.get(message[1]);
      if (call) [call.over, call.room] = [true, -1];
      calls.delete(message[1]);
      return say(["pong", message[1]]);
    }
    case "fetched":
      return fetches.get(message[1])?.(message[2]);
    case "cached":
    case "enriched":
      return questions.get(message[1])?.(message[2]);
  }
}

function furnish(settings: Settings): void {
  capture(() => running.getStore());
  Object.defineProperty(Deno, "exit", { value: exit });
  Object.defineProperty(process, "exit", { value: exit });
  Object.defineProperty(process, "reallyExit", { value: exit });
  Object.defineProperty(globalThis, "close", { value: exit });
  // Caches ask no permission and fill a disk; another thread does not fit into the memory.
  for (const name of ["caches", "Worker"]) {
    Object.defineProperty(globalThis, name, { value: undefined });
  }
  const { fetch } = globalThis;
  globalThis.fetch = watched(
    settings.hosted.length > 0 ? outbound(fetch, new Set(settings.hosted), hosted) : fetch,
    (host, status, ms) => {
      const call = running.getStore();
      if (call && !call.over) say(["request", call.key, host, status, ms]);
    },
  );
  addEventListener("error", (event) => stray(event, event.error));
  addEventListener("unhandledrejection", (event) => stray(event, event.reason));
}

addEventListener("message", (event) => {
  const { port, settings } = event.data as { port: MessagePort; settings: Settings };
  say = port.postMessage.bind(port);
  port.onmessage = (message) => receive(message.data);
  furnish(settings);
  postMessage("ready");
}, { once: true });
