/** The line to a service: sends requests, again where that is safe, and reads answers. */

import type { Operations } from "./api.js";
import { NoAnswer, problem, retryAfter } from "./problem.js";

export type Operation = keyof Operations;
export type Answer<O extends Operation> = Operations[O]["answer"];

/** What goes with an operation. `etag` is the state it is meant for (If-Match). */
export interface With<O extends Operation> {
  path?: Operations[O]["path"];
  query?: Operations[O]["query"];
  body?: Operations[O]["body"];
  etag?: string;
  headers?: Record<string, string>;
}

export interface Options {
  /** The service's address. */
  url: string;
  /** What `burnish api-keys create` printed; who only asks for people needs none. */
  apiKey?: string;
  /** Milliseconds to wait for an answer to begin, 30,000 if nothing is said. */
  timeout?: number;
  /** How often a request is sent at most, 4 if nothing is said. */
  tries?: number;
  /** The longest pause before it is sent again, in seconds; 60 if nothing is said. */
  longestPause?: number;
  /** What requests go through; the platform's `fetch` if nothing is said. */
  fetch?: typeof fetch;
}

const FIRST_PAUSE = 0.2;

export class Line {
  constructor(private readonly options: Options, private readonly token = options.apiKey ?? "") {}

  /** Return a line that speaks for a person, by the access token an app holds for them. */
  inPersonOf(accessToken: string): Line {
    return new Line({ ...this.options, apiKey: undefined }, accessToken);
  }

  /** Ask for an operation, and return what was answered. Throws a `Problem` or `NoAnswer`. */
  async ask<O extends Operation>(operation: O, sent: With<O> = {}): Promise<Answer<O>> {
    return (await this.answer(operation, sent)).json() as Promise<Answer<O>>;
  }

  /** Ask for an operation, and return the answer as it came in. */
  answer<O extends Operation>(operation: O, sent: With<O> = {}): Promise<Response> {
    const [method, path] = operation.split(" ") as [string, string];
    const parts = (sent.path ?? {}) as Record<string, string>;
    const where = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parts[name] ?? ""));
    const headers: Record<string, string> = { ...sent.headers };
    if (method !== "GET" && this.options.apiKey) headers["Idempotency-Key"] = crypto.randomUUID();
    if (sent.etag !== undefined) headers["If-Match"] = sent.etag;
    let body = sent.body as BodyInit | undefined;
    if (sent.body !== undefined && !headers["Content-Type"]) {
      const patch = method === "PATCH";
      headers["Content-Type"] = patch ? "application/merge-patch+json" : "application/json";
      body = JSON.stringify(sent.body);
    }
    return this.send(where + queryOf(sent.query ?? {}), { method, headers, body });
  }

  /** Send a request to an address of the service. */
  async send(path: string, init: RequestInit & { duplex?: "half" }): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.token}`, ...init.headers };
    const streams = init.body instanceof ReadableStream;
    if (streams) init = { ...init, duplex: "half" };
    const named = init.method === "GET" || "Idempotency-Key" in headers;
    for (let tried = 1;; tried++) {
      const answer = await this.once(path, { ...init, headers }).catch((error) => error as Error);
      if (answer instanceof Response && answer.ok) return answer;
      const wait = streams ? undefined : this.pause(answer, tried, named);
      if (wait === undefined) {
        if (answer instanceof Response) throw await problem(answer);
        throw new NoAnswer(`${init.method} ${path} was not answered`, { cause: answer });
      }
      if (answer instanceof Response) await answer.body?.cancel();
      await new Promise((done) => setTimeout(done, wait * 1000));
    }
  }

  private once(path: string, init: RequestInit): Promise<Response> {
    const late = AbortSignal.timeout(this.options.timeout ?? 30_000);
    const through = this.options.fetch ?? globalThis.fetch;
    return through(new URL(path, this.options.url), { ...init, signal: late });
  }

  /** Return the seconds until the next try: 429 was refused before anything was done. */
  private pause(answer: Response | Error, tried: number, named: boolean): number | undefined {
    if (tried >= (this.options.tries ?? 4)) return undefined;
    const usual = FIRST_PAUSE * 2 ** (tried - 1);
    if (!(answer instanceof Response)) return named ? usual : undefined;
    const said = retryAfter(answer);
    const again = named && said !== undefined && (answer.status === 409 || answer.status === 503);
    if (answer.status !== 429 && !again) return undefined;
    const wait = said ?? usual;
    return wait <= (this.options.longestPause ?? 60) ? wait : undefined;
  }
}

/** Return a query; members that are not said are left out, lists have a name for each item. */
function queryOf(asked: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) query.append(name, String(one));
    }
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}
