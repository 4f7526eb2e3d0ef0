/**
 * The thread a script runs in: it may use the network (but no private addresses) and nothing else.
 * Many calls of the script run here at a time; each has a console and requests of its own.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { Buffer } from "node:buffer";
import process from "node:process";
import { capture, MAX_OUTPUT, type Sink } from "./console.ts";
import { EXITED, Exited, thrown, unloadable } from "./fault.ts";
import { type Hosted, outbound } from "./fetch.ts";
import type { Fault, FromWorker, HostedReply, Settings, ToWorker } from "./messages.ts";

type Hook = (event: unknown) => unknown;

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
let fetched = 0;
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

async function load(source: string): Promise<{ hook: Hook } | { fault: Fault }> {
  const text = source.toWellFormed().replace(TYPES, '"data:application/javascript,"');
  try {
    const url = `data:application/typescript;base64,${Buffer.from(text).toString("base64")}`;
    const hook = (await import(url)).default;
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

async function answer(call: Call, hook: Hook, event: string): Promise<void> {
  let value: unknown;
  try {
    value = await hook(parse(event));
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

async function start(key: string, event: string): Promise<void> {
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
  await running.run(call, answer, call, loaded.hook, event);
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
      loading = load(message[2]);
      return;
    case "call":
      return void start(message[1], message[2]);
    case "cancel": {
      const call = calls.get(message[1]);
      if (call) [call.over, call.room] = [true, -1];
      calls.delete(message[1]);
      return say(["pong", message[1]]);
    }
    case "fetched":
      return fetches.get(message[1])?.(message[2]);
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
  if (settings.hosted.length > 0) {
    globalThis.fetch = outbound(globalThis.fetch, new Set(settings.hosted), hosted);
  }
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
