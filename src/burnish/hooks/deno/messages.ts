/**
 * What travels between the host (main thread) and the worker that runs the script. A call's `key`
 * is random, so that a script cannot answer for a call it was not given.
 */

export interface Fault {
  code: string;
  message: string;
  line: number | null;
}

/** A request the worker may not send by itself, and the answer to it; bodies are base64. */
export interface HostedRequest {
  url: string;
  method: string;
  headers: [string, string][];
  body: string | null;
}

export type HostedReply =
  | { status: number; statusText: string; headers: [string, string][]; body: string }
  | { error: string };

/** Code a script may import: its specifier, and all of it as one ES module. */
export type Module = [specifier: string, source: string];

/** What a script asks of the cache it shares with nobody, and the answer. */
export type CacheRequest =
  | { get: string }
  | { set: string; value: unknown; ttl: number };

export type CacheReply = { value: unknown } | { error: string };

export type ToWorker =
  | ["load", name: string, source: string, modules: Module[]]
  | ["call", key: string, event: string, secrets: Record<string, string>]
  | ["cancel", key: string]
  | ["fetched", fetch: number, reply: HostedReply]
  | ["cached", request: number, reply: CacheReply];

export type FromWorker =
  | ["start", key: string]
  | ["text", key: string, text: string]
  | ["cut", key: string]
  | ["done", key: string, output: string]
  | ["fault", key: string, fault: Fault]
  | ["fetch", key: string, fetch: number, request: HostedRequest]
  | ["abort", key: string, fetch: number]
  | ["request", key: string, host: string, status: number | null, ms: number]
  | ["cache", key: string, request: number, asked: CacheRequest]
  | ["pong", key: string];

/** Origins whose requests the host sends: rewritten ones, and private ones that were excepted. */
export interface Settings {
  hosted: string[];
}
