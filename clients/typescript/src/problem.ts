/** What goes wrong, as errors: what the service refused, and answers that never came. */

/** What is wrong where: `pointer` is a JSON pointer into what was sent. */
export interface Fault {
  pointer: string;
  detail: string;
}

/** The service did not answer in time, or could not be reached. */
export class NoAnswer extends Error {
  override name = "NoAnswer";
  readonly code = "no_answer";
}

/**
 * The service refused: a problem (RFC 9457), or an error of OAuth 2.0.
 *
 * `code` stays the same from version to version; the sentence may not. `faults` point at what is
 * wrong in the request, `retryAfter` is in how many seconds it may be sent again, if that is said.
 */
export class Problem extends Error {
  override name = "Problem";

  constructor(
    readonly status: number,
    readonly code: string,
    sentence: string,
    readonly faults: readonly Fault[] = [],
    readonly retryAfter?: number,
  ) {
    super(sentence);
  }

  /** Whether somebody else was faster: read it again, and send the new ETag. */
  get changed(): boolean {
    return this.status === 412 || this.status === 428;
  }
}

/** Return the problem an answer with a status from 400 on is. */
export async function problem(answer: Response): Promise<Problem> {
  const body = await answer.json().catch(() => ({}));
  return new Problem(
    answer.status,
    body.code ?? body.error ?? "http_error",
    body.detail ?? body.error_description ?? `The service answered ${answer.status}.`,
    body.errors ?? [],
    retryAfter(answer),
  );
}

/** Return the seconds of `Retry-After`, where an answer has one. */
export function retryAfter(answer: Response): number | undefined {
  const text = answer.headers.get("Retry-After") ?? "";
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
