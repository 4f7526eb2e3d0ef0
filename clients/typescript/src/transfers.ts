/** Imports and exports: streamed, followed until they are over, and read. */

import type * as api from "./api.js";
import type { Line, With } from "./line.js";
import { Pages } from "./pages.js";

/** Records as an import takes them, or NDJSON (or CSV) as it stands. */
export type Source = Iterable<object> | AsyncIterable<object> | string | Blob | Uint8Array;

export interface How extends NonNullable<With<"POST /api/v1/imports">["query"]> {
  /** How a source that stands is written; records become NDJSON. */
  format?: "ndjson" | "csv";
}

/** What became of one row; `record` comes with those that failed. */
export interface Outcome {
  index: number;
  line: number | null;
  outcome: "inserted" | "updated" | "skipped" | "failed";
  user_id: string | null;
  warnings: unknown[];
  errors: unknown[];
  record?: unknown;
}

const EVERY = 500;

export class Imports {
  constructor(private readonly line: Line) {}

  /** Send users. Records are streamed where the platform can, and a stream is sent once. */
  begin(source: Source, { format = "ndjson", ...how }: How = {}): Promise<api.Import> {
    const type = format === "csv" ? "text/csv" : "application/x-ndjson";
    const body = stands(source) ? source : written(source);
    return this.line.ask("POST /api/v1/imports", {
      query: how,
      headers: { "Content-Type": type },
      body: body as BodyInit,
    });
  }

  /** Say how far an import is. */
  get(id: string): Promise<api.Import> {
    return this.line.ask("GET /api/v1/imports/{import_id}", { path: { import_id: id } });
  }

  /** Wait until an import is over; `progress` is told how far it is. */
  async finished(id: string, progress?: (run: api.Import) => void): Promise<api.Import> {
    for (;;) {
      const run = await this.get(id);
      progress?.(run);
      if (run.state === "completed" || run.state === "cancelled") return run;
      await new Promise((done) => setTimeout(done, EVERY));
    }
  }

  /** List the imports of the last day, the latest first. */
  list(): Pages<"GET /api/v1/imports"> {
    return new Pages(this.line, "GET /api/v1/imports", {});
  }

  /** End an import where it is. Users who are written stay. */
  cancel(id: string): Promise<api.Import> {
    return this.line.ask("POST /api/v1/imports/{import_id}/cancel", { path: { import_id: id } });
  }

  /** Yield what became of each row, in their order; `limit` is the size of a page. */
  async *outcomes(id: string, outcome?: Outcome["outcome"], limit = 1000): AsyncIterable<Outcome> {
    const sent = { path: { import_id: id }, query: { outcome, limit } };
    let answer = await this.line.answer("GET /api/v1/imports/{import_id}/outcomes", sent);
    for (;;) {
      for (const line of (await answer.text()).split("\n")) if (line) yield JSON.parse(line);
      const onward = /<([^>]*)>; rel="next"/.exec(answer.headers.get("Link") ?? "")?.[1];
      if (!onward) return;
      answer = await this.line.send(onward, { method: "GET" });
    }
  }
}

export class Exports {
  constructor(private readonly line: Line) {}

  /** Have a file of all users written; columns of CSV are JSON pointers. */
  begin(format: "ndjson" | "csv" = "ndjson", columns?: string[]): Promise<api.Export> {
    const body = { format, columns: columns?.map((pointer) => ({ pointer })) };
    return this.line.ask("POST /api/v1/exports", { body });
  }

  /** Say how far an export is. */
  get(id: string): Promise<api.Export> {
    return this.line.ask("GET /api/v1/exports/{export_id}", { path: { export_id: id } });
  }

  /** Wait until a file is there; `progress` is told how far it is. */
  async finished(id: string, progress?: (run: api.Export) => void): Promise<api.Export> {
    for (;;) {
      const run = await this.get(id);
      progress?.(run);
      if (run.state === "completed") return run;
      await new Promise((done) => setTimeout(done, EVERY));
    }
  }

  /** List the exports of the last day, the latest first. */
  list(): Pages<"GET /api/v1/exports"> {
    return new Pages(this.line, "GET /api/v1/exports", {});
  }

  /** Return the file as it comes in: `body` is a stream. */
  download(id: string): Promise<Response> {
    return this.line.answer("GET /api/v1/exports/{export_id}/file", { path: { export_id: id } });
  }
}

function stands(source: Source): source is string | Blob | Uint8Array {
  return typeof source === "string" || source instanceof Blob || source instanceof Uint8Array;
}

function written(records: Iterable<object> | AsyncIterable<object>): ReadableStream<Uint8Array> {
  const lines = async function* () {
    for await (const one of records) yield `${JSON.stringify(one)}\n`;
  }();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(stream) {
      const { value, done } = await lines.next();
      if (done) stream.close();
      else stream.enqueue(encoder.encode(value));
    },
  });
}
