/** What a project settles: roles, groups and attributes, and who did what. */

import type * as api from "./api.js";
import type { Line, With } from "./line.js";
import { Pages } from "./pages.js";

export class Roles {
  constructor(private readonly line: Line) {}

  /** List all roles. */
  list(): Pages<"GET /api/v1/roles"> {
    return new Pages(this.line, "GET /api/v1/roles", { query: { limit: 100 } });
  }

  /** Read a role. */
  get(key: string): Promise<api.ShownRole> {
    return this.line.ask("GET /api/v1/roles/{key}", { path: { key } });
  }

  /** Make a role. */
  create(role: Partial<api.NewRole> & { key: string }): Promise<api.ShownRole> {
    return this.line.ask("POST /api/v1/roles", { body: role as api.NewRole });
  }

  /** Change a role. */
  change(key: string, change: api.RoleChange): Promise<api.ShownRole> {
    return this.line.ask("PATCH /api/v1/roles/{key}", { path: { key }, body: change });
  }

  /** Remove a role, from everybody who has it too. */
  async delete(key: string): Promise<void> {
    await this.line.answer("DELETE /api/v1/roles/{key}", { path: { key } });
  }
}

export class Groups {
  constructor(private readonly line: Line) {}

  /** List all groups. */
  list(): Pages<"GET /api/v1/groups"> {
    return new Pages(this.line, "GET /api/v1/groups", { query: { limit: 100 } });
  }

  /** Read a group. */
  get(key: string): Promise<api.ShownGroup> {
    return this.line.ask("GET /api/v1/groups/{key}", { path: { key } });
  }

  /** Make a group; everybody in it has its roles. */
  create(group: Partial<api.NewGroup> & { key: string }): Promise<api.ShownGroup> {
    return this.line.ask("POST /api/v1/groups", { body: group as api.NewGroup });
  }

  /** Change a group. */
  change(key: string, change: api.GroupChange): Promise<api.ShownGroup> {
    return this.line.ask("PATCH /api/v1/groups/{key}", { path: { key }, body: change });
  }

  /** Remove a group; who was in it loses its roles. */
  async delete(key: string): Promise<void> {
    await this.line.answer("DELETE /api/v1/groups/{key}", { path: { key } });
  }
}

export class Attributes {
  constructor(private readonly line: Line) {}

  /** Return all attributes, the retired ones too. */
  list(): Promise<api.AllAttributes> {
    return this.line.ask("GET /api/v1/attributes");
  }

  /** Read a custom attribute. */
  get(name: string): Promise<api.AttributeShown> {
    return this.line.ask("GET /api/v1/attributes/{name}", { path: { name } });
  }
}

export class Audit {
  constructor(private readonly line: Line) {}

  /** List entries, the latest first. */
  list(wanted: With<"GET /api/v1/audit">["query"] = {}): Pages<"GET /api/v1/audit"> {
    return new Pages(this.line, "GET /api/v1/audit", { query: { limit: 100, ...wanted } });
  }

  /** Read one entry. */
  get(id: number): Promise<api.EntryShown> {
    return this.line.ask("GET /api/v1/audit/{id}", { path: { id } });
  }

  /** Return all entries as one file, as it comes in. */
  export(format: "ndjson" | "csv" = "ndjson"): Promise<Response> {
    return this.line.answer("GET /api/v1/audit/export", { query: { format } });
  }
}
