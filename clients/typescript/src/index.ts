/** A client of one Burnish service. */

import { Line, type Operation, type Options, type With } from "./line.js";
import { Person, type Userinfo } from "./person.js";
import { Profiles } from "./profiles.js";
import { Attributes, Audit, Groups, Roles } from "./project.js";
import { Exports, Imports } from "./transfers.js";
import { Identities, Users } from "./users.js";

export type * from "./api.js";
export type { Operation, Options, With } from "./line.js";
export { type Page, Pages } from "./pages.js";
export { Person, type Userinfo } from "./person.js";
export { type Fault, NoAnswer, Problem } from "./problem.js";
export type { Profile } from "./profiles.js";
export type { How, Outcome, Source } from "./transfers.js";
export type { Filters } from "./users.js";

/** All rooms of a service. Whatever goes wrong is thrown as a `Problem` or `NoAnswer`. */
export class Burnish {
  readonly users: Users;
  readonly profiles: Profiles;
  readonly identities: Identities;
  readonly roles: Roles;
  readonly groups: Groups;
  readonly imports: Imports;
  readonly exports: Exports;
  readonly attributes: Attributes;
  readonly audit: Audit;
  private readonly line: Line;

  constructor(options: Options) {
    this.line = new Line(options);
    this.users = new Users(this.line);
    this.profiles = new Profiles(this.line);
    this.identities = new Identities(this.line);
    this.roles = new Roles(this.line);
    this.groups = new Groups(this.line);
    this.imports = new Imports(this.line);
    this.exports = new Exports(this.line);
    this.attributes = new Attributes(this.line);
    this.audit = new Audit(this.line);
  }

  /** Ask for any operation of the API by its method and address, such as `GET /api/v1/hooks`. */
  ask<O extends Operation>(operation: O, sent: With<O> = {}) {
    return this.line.ask(operation, sent);
  }

  /** Return the person an app holds an access token of. */
  person(accessToken: string): Person {
    return new Person(this.line.inPersonOf(accessToken));
  }

  /** Say who an access token is of. */
  userinfo(accessToken: string): Promise<Userinfo> {
    return this.person(accessToken).userinfo();
  }
}
