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

export type ToWorker =
  | ["load", name: string, source: string]
  | ["call", key: string, event: string]
  | ["cancel", key: string]
  | ["fetched", fetch: number, reply: HostedReply];

export type FromWorker =
  | ["start", key: string]
  | ["text", key: string, text: string]
  | ["cut", key: string]
  | ["done", key: string, output: string]
  | ["fault", key: string, fault: Fault]
  | ["fetch", key: string, fetch: number, request: HostedRequest]
  | ["abort", key: string, fetch: number]
  | ["pong", key: string];

/** Origins whose requests the host sends: rewritten ones, and private ones that were excepted. */
export interface Settings {
  hosted: string[];
}
