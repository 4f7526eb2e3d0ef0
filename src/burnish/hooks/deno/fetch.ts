/**
 * A `fetch` that lets the host send what this worker may not: requests to rewritten origins and to
 * excepted private ones. Every hop of a redirect is judged anew; all else is Deno's own fetch.
 */

import { Buffer } from "node:buffer";
import type { HostedReply, HostedRequest } from "./messages.ts";

export type Hosted = (request: HostedRequest, signal: AbortSignal) => Promise<HostedReply>;

const MAX_HOPS = 20;
const NO_BODY = new Set([101, 204, 205, 304]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Not sent on to another origin (https://fetch.spec.whatwg.org/#http-redirect-fetch, step 13). */
const CREDENTIALS = ["authorization", "cookie", "host", "proxy-authorization"];

interface Hop {
  url: URL;
  method: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer> | null;
}

function response(reply: HostedReply): Response {
  if ("error" in reply) throw new TypeError(reply.error);
  const { status, statusText, headers } = reply;
  const body = NO_BODY.has(status) ? null : Buffer.from(reply.body, "base64");
  return new Response(body, { status, statusText, headers });
}

async function throughHost(hop: Hop, signal: AbortSignal, hosted: Hosted): Promise<Response> {
  const body = hop.body && Buffer.from(hop.body).toString("base64");
  const headers = [...hop.headers];
  return response(await hosted({ url: hop.url.href, method: hop.method, headers, body }, signal));
}

/** The request the answer asks for, by the rules of the Fetch standard. */
function next(hop: Hop, answer: Response, location: string): Hop {
  const url = new URL(location, hop.url);
  const headers = new Headers(hop.headers);
  let { method, body } = hop;
  if (
    (answer.status === 303 && method !== "HEAD") || (answer.status < 303 && method === "POST")
  ) {
    method = method === "HEAD" ? "HEAD" : "GET";
    body = null;
    for (const name of [...headers.keys()]) if (name.startsWith("content-")) headers.delete(name);
  }
  if (url.origin !== hop.url.origin) { for (const name of CREDENTIALS) headers.delete(name); }
  return { url, method, headers, body };
}

async function first(request: Request): Promise<Hop> {
  const body = request.body && new Uint8Array(await request.arrayBuffer());
  const { method } = request;
  return { url: new URL(request.url), method, headers: new Headers(request.headers), body };
}

function arrivedAt(answer: Response, url: URL, redirected: boolean): Response {
  const shown = new URL(url);
  shown.hash = "";
  Object.defineProperty(answer, "url", { value: shown.href });
  Object.defineProperty(answer, "redirected", { value: redirected });
  return answer;
}

/** Wrap `native` so that requests to the origins in `listed` are sent by `hosted`. */
export function outbound(native: typeof fetch, listed: Set<string>, hosted: Hosted): typeof fetch {
  return async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input instanceof URL ? input.href : input, init);
    const { signal, redirect } = request;
    signal.throwIfAborted();
    let hop = await first(request);
    for (let hops = 0; hops <= MAX_HOPS; hops++) {
      const { url, ...rest } = hop;
      const answer = listed.has(url.origin)
        ? await throughHost(hop, signal, hosted)
        : await native(url, { ...rest, signal, redirect: "manual" });
      const location = answer.headers.get("location");
      if (redirect === "manual" || !REDIRECTS.has(answer.status) || location === null) {
        return arrivedAt(answer, url, hops > 0);
      }
      if (redirect === "error") throw new TypeError(`${url.href} redirects, which is not wanted`);
      await answer.body?.cancel();
      hop = next(hop, answer, location);
    }
    throw new TypeError(`More than ${MAX_HOPS} redirects`);
  };
}

/** Wrap `native` so that each request is told of: its host, its status or null, its time in ms. */
export function watched(
  native: typeof fetch,
  tell: (host: string, status: number | null, ms: number) => void,
): typeof fetch {
  return async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const url = input instanceof Request ? input.url : `${input}`;
    if (!/^https?:/i.test(url) || !URL.canParse(url)) return native(input, init);
    const { host } = new URL(url);
    const began = performance.now();
    try {
      const answer = await native(input, init);
      tell(host, answer.status, performance.now() - began);
      return answer;
    } catch (error) {
      tell(host, null, performance.now() - began);
      throw error;
    }
  };
}
