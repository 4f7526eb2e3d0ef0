/** Users: found, made, closed, opened, ended and enriched; what they sign in with. */

import type * as api from "./api.js";
import type { Line, With } from "./line.js";
import { Pages } from "./pages.js";

/** Which users; `attribute` has `city=Lyon` (is) or `city:ly` (begins so). `limit` is a page's. */
export type Filters = With<"GET /api/v1/users">["query"];

export class Users {
  constructor(private readonly line: Line) {}

  /** List users, the newest first, as far as all filters hold for them. */
  list(filters: Filters = {}): Pages<"GET /api/v1/users"> {
    return new Pages(this.line, "GET /api/v1/users", { query: { limit: 100, ...filters } });
  }

  /** Read a user, with their profile, roles and groups. */
  get(id: string): Promise<api.ShownUser> {
    return this.line.ask("GET /api/v1/users/{user_id}", { path: { user_id: id } });
  }

  /** Make a user; hooks are asked first, and providers where `enrich` says so. */
  create(user: Partial<api.NewUser>): Promise<api.ShownUser> {
    return this.line.ask("POST /api/v1/users", { body: user as api.NewUser });
  }

  /** Close an account, for good or until a moment; with `since` from a moment on. */
  disable(id: string, how: api.Disable = {}): Promise<api.ShownUser> {
    const sent = { path: { user_id: id }, body: how };
    return this.line.ask("POST /api/v1/users/{user_id}/disable", sent);
  }

  /** Open an account. */
  enable(id: string): Promise<api.ShownUser> {
    return this.line.ask("POST /api/v1/users/{user_id}/enable", { path: { user_id: id } });
  }

  /** Delete an account and all that is known of its person, at once and for good. */
  async delete(id: string, reason = ""): Promise<void> {
    const sent = { path: { user_id: id }, query: { reason } };
    await this.line.answer("DELETE /api/v1/users/{user_id}", sent);
  }

  /** Close an account, and delete it after the grace period. */
  scheduleDeletion(id: string, reason = ""): Promise<api.ShownUser> {
    const sent = { path: { user_id: id }, body: { reason } };
    return this.line.ask("PUT /api/v1/users/{user_id}/deletion", sent);
  }

  /** Keep an account that was to be deleted, and open it. */
  cancelDeletion(id: string): Promise<api.ShownUser> {
    return this.line.ask("DELETE /api/v1/users/{user_id}/deletion", { path: { user_id: id } });
  }

  /** Remove all that is personal from an account, at once and for good. */
  anonymize(id: string): Promise<api.ShownUser> {
    return this.line.ask("POST /api/v1/users/{user_id}/anonymize", { path: { user_id: id } });
  }

  /** Close an account, and anonymise it after so many days. */
  scheduleAnonymization(id: string, days = 30): Promise<api.ShownUser> {
    const sent = { path: { user_id: id }, body: { days } };
    return this.line.ask("PUT /api/v1/users/{user_id}/anonymization", sent);
  }

  /** Leave an account that was to be anonymised as it is, and open it. */
  cancelAnonymization(id: string): Promise<api.ShownUser> {
    return this.line.ask("DELETE /api/v1/users/{user_id}/anonymization", { path: { user_id: id } });
  }

  /** Read which roles and groups a user has. */
  memberships(id: string): Promise<api.Memberships> {
    return this.line.ask("GET /api/v1/users/{user_id}/memberships", { path: { user_id: id } });
  }

  /** Give a user exactly these roles or groups. */
  setMemberships(id: string, wanted: api.MembershipsWanted): Promise<api.Memberships> {
    const sent = { path: { user_id: id }, body: wanted };
    return this.line.ask("PATCH /api/v1/users/{user_id}/memberships", sent);
  }

  /** Set a password, or take it away with null. The user is signed out everywhere. */
  async setPassword(id: string, password: string | null): Promise<void> {
    const sent = { path: { user_id: id }, body: { password } };
    await this.line.answer("PUT /api/v1/users/{user_id}/password", sent);
  }

  /** Mail a user the link to set a password. */
  async sendPasswordReset(id: string): Promise<void> {
    const sent = { path: { user_id: id } };
    await this.line.answer("POST /api/v1/users/{user_id}/password-reset", sent);
  }

  /** Say where a user is signed in, the latest first. */
  async sessions(id: string): Promise<api.Session[]> {
    const sent = { path: { user_id: id } };
    return (await this.line.ask("GET /api/v1/users/{user_id}/sessions", sent)).items;
  }

  /** Sign a user out everywhere, and return of how many sessions. */
  async endSessions(id: string): Promise<number> {
    const sent = { path: { user_id: id } };
    return (await this.line.ask("DELETE /api/v1/users/{user_id}/sessions", sent)).ended;
  }

  /** Sign a user out of one session. */
  async endSession(id: string, session: string): Promise<void> {
    const sent = { path: { user_id: id, session_id: session } };
    await this.line.answer("DELETE /api/v1/users/{user_id}/sessions/{session_id}", sent);
  }

  /** Have a profile filled in; all that has a waterfall unless `want` names attributes. */
  enrich(id: string, wish: Partial<api.Wish> = {}): Promise<api.Enriched> {
    const sent = { path: { user_id: id }, body: wish as api.Wish };
    return this.line.ask("POST /api/v1/users/{user_id}/enrich", sent);
  }

  /** Say who would be asked, and what it can cost at most. It asks nobody. */
  enrichmentPlan(id: string, want?: string[]): Promise<api.Planned> {
    const sent = { path: { user_id: id }, query: { want } };
    return this.line.ask("GET /api/v1/users/{user_id}/enrich", sent);
  }
}

export class Identities {
  constructor(private readonly line: Line) {}

  /** Return all ways a user signs in, the primary one first. */
  async list(id: string): Promise<api.ShownIdentity[]> {
    const sent = { path: { user_id: id } };
    return (await this.line.ask("GET /api/v1/users/{user_id}/identities", sent)).items;
  }

  /** Add an address, a number or a name. The profile follows by itself. */
  add(id: string, identity: Omit<api.NewIdentity, "verified"> & { verified?: boolean }) {
    const sent = { path: { user_id: id }, body: identity as api.NewIdentity };
    return this.line.ask("POST /api/v1/users/{user_id}/identities", sent);
  }

  /** Put another value in its place, or say whether it is verified. */
  change(id: string, identity: string, change: api.Change): Promise<api.ShownIdentity> {
    const sent = { path: { user_id: id, identity_id: identity }, body: change };
    return this.line.ask("PATCH /api/v1/users/{user_id}/identities/{identity_id}", sent);
  }

  /** Take one away. The last one stays. */
  async remove(id: string, identity: string): Promise<void> {
    const sent = { path: { user_id: id, identity_id: identity } };
    await this.line.answer("DELETE /api/v1/users/{user_id}/identities/{identity_id}", sent);
  }
}
