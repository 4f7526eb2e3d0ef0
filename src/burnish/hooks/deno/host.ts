/**
 * The main thread: passes calls from Burnish (lines of JSON on stdin) to the worker that runs the
 * script, and what the worker says back to Burnish (lines on stdout). It alone knows the secret
 * every line to Burnish begins with, so nothing a script writes to stdout passes for an answer.
 * It ends when stdin ends: a Burnish that was killed leaves nothing behind.
 */

import type { FromWorker, HostedReply, Settings } from "./messages.ts";

type FromBurnish =
  | ["boot", secret: string, settings: Settings]
  | ["load", name: string, source: string]
  | ["call", id: number, event: string]
  | ["cancel", id: number]
  | ["fetched", fetch: number, reply: HostedReply];

interface Call {
  id: number;
  text: string;
  cut: boolean;
  timer: ReturnType<typeof setTimeout> | null;
}

/** A call that answers within this time costs one line instead of two. */
const NOTE_AFTER_MS = 2;

const encoder = new TextEncoder();
const calls = new Map<string, Call>();
const keys = new Map<number, string>();
let secret = "";
let port: MessagePort;

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

function finish(key: string, call: Call, message: unknown[]): void {
  calls.delete(key);
  keys.delete(call.id);
  if (call.timer !== null) clearTimeout(call.timer);
  write((call.text || call.cut ? note(call) : "") + line(message));
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
      return write(line(["fetch", call.id, message[2], message[3]]));
    case "abort":
      return write(line(["abort", message[2]]));
  }
}

function boot(settings: Settings): void {
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
    Deno.exit(70);
  });
  const channel = new MessageChannel();
  port = channel.port1;
  port.onmessage = (event) => fromWorker(event.data);
  worker.onmessage = () => {
    worker.onmessage = null;
    write(line(["ready"]));
  };
  worker.postMessage({ port: channel.port2, settings }, [channel.port2]);
}

function fromBurnish(message: FromBurnish): void {
  switch (message[0]) {
    case "boot":
      secret = message[1];
      return boot(message[2]);
    case "call": {
      const key = crypto.randomUUID();
      calls.set(key, { id: message[1], text: "", cut: false, timer: null });
      keys.set(message[1], key);
      return port.postMessage(["call", key, message[2]]);
    }
    case "cancel": {
      const key = keys.get(message[1]);
      if (key === undefined) return write(line(["pong"]));
      calls.delete(key);
      keys.delete(message[1]);
      return port.postMessage(["cancel", key]);
    }
    default:
      return port.postMessage(message);
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
