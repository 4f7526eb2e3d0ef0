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

/** A provider that is to be asked, and what with. */
export interface EnrichRequest {
  provider: string;
  inputs: Record<string, unknown>;
}

/** The answer to either. */
export type Reply = { value: unknown } | { error: string };

export type ToWorker =
  | ["load", name: string, source: string, modules: Module[]]
  | ["call", key: string, event: string, secrets: Record<string, string>]
  | ["cancel", key: string]
  | ["fetched", fetch: number, reply: HostedReply]
  | ["cached" | "enriched", request: number, reply: Reply];

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
  | ["enrich", key: string, request: number, asked: EnrichRequest]
  | ["pong", key: string];

/** Origins whose requests the host sends: rewritten ones, and private ones that were excepted. */
export interface Settings {
  hosted: string[];
}
