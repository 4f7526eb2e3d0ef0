/** Lists, read page after page as one goes. */

import type { Operations } from "./api.js";
import type { Line, Operation, With } from "./line.js";

export interface Page<T> {
  items: T[];
  next: string | null;
}

type Lists = {
  [O in Operation]: Operations[O]["answer"] extends { items: unknown[]; next: string | null } ? O
    : never;
}[Operation];

export type ItemOf<O extends Lists> = Operations[O]["answer"]["items"][number];

/** The items of a list, over all its pages. Nothing is asked before the first one is wanted. */
export class Pages<O extends Lists> implements AsyncIterable<ItemOf<O>> {
  constructor(
    private readonly line: Line,
    private readonly operation: O,
    private readonly sent: With<O>,
  ) {}

  async *[Symbol.asyncIterator](): AsyncIterator<ItemOf<O>> {
    for await (const page of this.pages()) yield* page.items;
  }

  /** Yield page after page. */
  async *pages(): AsyncIterable<Page<ItemOf<O>>> {
    let page = await this.line.ask(this.operation, this.sent) as Page<ItemOf<O>>;
    yield page;
    while (page.next) {
      page = await (await this.line.send(page.next, { method: "GET" })).json();
      yield page;
    }
  }

  /** Return the first item, if there is one. */
  async first(): Promise<ItemOf<O> | undefined> {
    for await (const item of this) return item;
    return undefined;
  }
}
