/** `ctx`, what a hook is given beside its event. */

import { Buffer } from "node:buffer";
import type { CacheRequest, EnrichRequest, Reply } from "./messages.ts";

export interface Context {
  readonly secrets: Readonly<Record<string, string>>;
  readonly cache: {
    get(key: string): Promise<unknown>;
    set(key: string, value: unknown, options?: { ttl?: number }): Promise<void>;
  };
  enrich(provider: string, inputs: Record<string, unknown>): Promise<unknown>;
  log(...values: unknown[]): void;
}

export type Ask = (
  ...question: [kind: "cache", what: CacheRequest] | [kind: "enrich", what: EnrichRequest]
) => Promise<Reply>;

const LONGEST_KEY = 200;
const LARGEST_VALUE = 64 * 1024;
const USUAL_TTL = 3600;
const LONGEST_NAME = 40;
const LARGEST_INPUTS = 64 * 1024;
const { parse, stringify } = JSON;

function secretsOf(given: Record<string, string>): Record<string, string> {
  const known = Object.freeze(Object.assign(Object.create(null), given));
  return new Proxy(known, {
    get(secrets, name) {
      if (typeof name === "symbol" || name in secrets || name === "toJSON") return secrets[name];
      throw new Error(
        `There is no secret ${name} for this hook; add it, and let this hook use it`,
      );
    },
  });
}

function required(key: string): string {
  if (typeof key === "string" && key.length > 0 && key.length <= LONGEST_KEY) return key;
  throw new TypeError(`A key of the cache is a text of up to ${LONGEST_KEY} characters`);
}

function storable(value: unknown): unknown {
  const text = stringify(value);
  if (text === undefined) throw new TypeError("Only what JSON can write fits into the cache");
  if (Buffer.byteLength(text) > LARGEST_VALUE) {
    throw new RangeError("A value of the cache has at most 64 KiB as JSON");
  }
  return value;
}

function question(provider: string, inputs: Record<string, unknown>): EnrichRequest {
  if (typeof provider !== "string" || provider.length > LONGEST_NAME) {
    throw new TypeError("A provider is asked by its name, such as ipgeolocation");
  }
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs)) {
    throw new TypeError("A provider is asked with an object, such as { ip: e.context.ip_address }");
  }
  const text = stringify(inputs);
  if (Buffer.byteLength(text) > LARGEST_INPUTS) {
    throw new RangeError("What a provider is asked with has at most 64 KiB as JSON");
  }
  return { provider, inputs: parse(text) };
}

async function answered(asked: Promise<Reply>): Promise<unknown> {
  const reply = await asked;
  if ("error" in reply) throw new Error(reply.error);
  return reply.value ?? undefined;
}

export function context(secrets: Record<string, string>, ask: Ask): Context {
  return Object.freeze({
    secrets: secretsOf(secrets),
    cache: Object.freeze({
      get: async (key: string) => await answered(ask("cache", { get: required(key) })),
      set: async (key: string, value: unknown, { ttl = USUAL_TTL }: { ttl?: number } = {}) => {
        if (!(ttl > 0 && ttl <= 31_536_000)) {
          throw new RangeError("ttl is in seconds, more than 0 and at most a year");
        }
        await answered(ask("cache", { set: required(key), value: storable(value), ttl }));
      },
    }),
    enrich: async (provider: string, inputs: Record<string, unknown>) =>
      await answered(ask("enrich", question(provider, inputs))),
    log: (...values: unknown[]) => console.log(...values),
  });
}
