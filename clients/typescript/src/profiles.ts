/** Profiles: read, changed in view of what was read, and explained. */

import type * as api from "./api.js";
import type { Line } from "./line.js";
import { Pages } from "./pages.js";
import { Problem } from "./problem.js";

/** A profile as it can be written; `etag` names the state it is. */
export type Profile = api.ShownProfile & { readonly etag: string };

const TRIES = 5;

export class Profiles {
  constructor(private readonly line: Line) {}

  /** Read a profile. */
  get(id: string): Promise<Profile> {
    const sent = { path: { user_id: id } };
    return tagged(this.line.answer("GET /api/v1/users/{user_id}/profile", sent));
  }

  /** Change what a merge patch (RFC 7396) names: null deletes. With `etag`, only that state. */
  patch(id: string, patch: api.Patch, etag?: string): Promise<Profile> {
    const sent = { path: { user_id: id }, body: patch, etag };
    return tagged(this.line.answer("PATCH /api/v1/users/{user_id}/profile", sent));
  }

  /** Put a whole profile in the place of the one that was read; what it leaves out is deleted. */
  replace(id: string, whole: Partial<api.Written>, etag: string): Promise<Profile> {
    const sent = { path: { user_id: id }, body: whole as api.Written, etag };
    return tagged(this.line.answer("PUT /api/v1/users/{user_id}/profile", sent));
  }

  /**
   * Change a profile in view of what it is, and begin again where somebody was faster.
   *
   * `change` returns a merge patch, or nothing to leave it; it may be called up to five times.
   */
  async update(
    id: string,
    change: (seen: Profile) => api.Patch | undefined | Promise<api.Patch | undefined>,
  ): Promise<Profile> {
    for (let tried = 1;; tried++) {
      const seen = await this.get(id);
      const patch = await change(seen);
      if (!patch) return seen;
      try {
        return await this.patch(id, patch, seen.etag);
      } catch (error) {
        if (!(error instanceof Problem && error.changed) || tried === TRIES) throw error;
      }
    }
  }

  /** Return every fact by attribute; the one that holds comes first. */
  async facts(id: string): Promise<Record<string, api.Fact[]>> {
    const sent = { path: { user_id: id } };
    return (await this.line.ask("GET /api/v1/users/{user_id}/facts", sent)).facts;
  }

  /** Say why an attribute has its value. */
  explain(id: string, attribute: string): Promise<api.Explained> {
    const sent = { path: { user_id: id, attribute } };
    return this.line.ask("GET /api/v1/users/{user_id}/facts/{attribute}", sent);
  }

  /** List everything that was ever said of a user, the latest first. */
  history(id: string, limit = 100): Pages<"GET /api/v1/users/{user_id}/history"> {
    const sent = { path: { user_id: id }, query: { limit } };
    return new Pages(this.line, "GET /api/v1/users/{user_id}/history", sent);
  }
}

async function tagged(answering: Promise<Response>): Promise<Profile> {
  const answer = await answering;
  return { ...await answer.json(), etag: answer.headers.get("ETag") ?? "" };
}
