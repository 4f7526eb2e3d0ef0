/** Gives every call a console of its own, up to a limit, in place of the process's output. */

import { format } from "node:util";

/** Where the output of the code that is running at this moment belongs. */
export interface Sink {
  room: number;
  text(text: string): void;
  cut(): void;
}

/** What one call may print, in bytes. */
export const MAX_OUTPUT = 64 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function print(sink: Sink | undefined, text: string): void {
  if (!sink || sink.room < 0 || text === "") return;
  // A character is at most 3 bytes in UTF-8 for each UTF-16 unit: nothing longer need be measured.
  const bytes = encoder.encode(text.slice(0, sink.room + 1));
  if (bytes.length <= sink.room && text.length <= sink.room) {
    sink.room -= bytes.length;
    return sink.text(text);
  }
  // A character that was cut in half is left out.
  sink.text(decoder.decode(bytes.subarray(0, sink.room)).replace(/\uFFFD$/, ""));
  sink.room = -1;
  sink.cut();
}

function captureConsole(current: () => Sink | undefined): void {
  let indent = "";
  const log = (...values: unknown[]): void => {
    const sink = current();
    if (!sink || sink.room < 0) return;
    const text = format(...values);
    print(sink, indent + (indent ? text.replaceAll("\n", `\n${indent}`) : text) + "\n");
  };
  const trace = (...values: unknown[]): void => {
    log(`Trace: ${format(...values)}`);
  };
  const assert = (holds: unknown, ...values: unknown[]): void => {
    if (!holds) log(values.length ? `Assertion failed: ${format(...values)}` : "Assertion failed");
  };
  const group = (...values: unknown[]): void => {
    if (values.length) log(...values);
    if (indent.length < 40) indent += "  ";
  };
  const groupEnd = (): void => {
    indent = indent.slice(2);
  };
  for (const name of ["log", "info", "debug", "warn", "error", "table"] as const) {
    console[name] = log;
  }
  const show = (value: unknown): void => log(value);
  Object.assign(console, { dir: show, dirxml: log, trace, assert, group, groupEnd });
  Object.assign(console, { groupCollapsed: group, clear: () => {} });
}

function stream(current: () => Sink | undefined) {
  const writeSync = (bytes: Uint8Array): number => {
    print(current(), decoder.decode(bytes));
    return bytes.length;
  };
  return {
    writeSync,
    write: (bytes: Uint8Array) => Promise.resolve(writeSync(bytes)),
    writable: new WritableStream<Uint8Array>({ write: (bytes) => void writeSync(bytes) }),
    isTerminal: () => false,
    close: () => {},
  };
}

/** Send the console, stdout and stderr of this thread to the sink of the running call. */
export function capture(current: () => Sink | undefined): void {
  captureConsole(current);
  const empty = {
    readSync: () => null,
    read: () => Promise.resolve(null),
    readable: new ReadableStream({ start: (controller) => controller.close() }),
    isTerminal: () => false,
    close: () => {},
  };
  for (const [name, value] of [["stdout", stream(current)], ["stderr", stream(current)]] as const) {
    Object.defineProperty(Deno, name, { value });
  }
  Object.defineProperty(Deno, "stdin", { value: empty });
}
