/** The person who signed in to an app, by the access token the app holds for them. */

import type { Done, Question } from "./api.js";
import type { Line } from "./line.js";

const CLAIM = "https://authgear.com/claims/user/";

/** Standard claims of OpenID Connect, and what else was filled in; `claims` is all that came. */
export interface Userinfo {
  sub: string;
  name?: string;
  given_name?: string;
  family_name?: string;
  email?: string;
  email_verified?: boolean;
  phone_number?: string;
  picture?: string;
  locale?: string;
  custom_attributes: Record<string, unknown>;
  roles: string[];
  is_verified: boolean;
  claims: Record<string, unknown>;
}

export class Person {
  constructor(private readonly line: Line) {}

  /** Say who it is, with what the app may see of the profile. */
  async userinfo(): Promise<Userinfo> {
    const claims = await (await this.line.send("/oauth2/userinfo", { method: "GET" })).json();
    return {
      ...claims,
      custom_attributes: claims.custom_attributes ?? {},
      roles: claims[`${CLAIM}roles`] ?? [],
      is_verified: claims[`${CLAIM}is_verified`] ?? false,
      claims,
    };
  }

  /** Say what to ask now, and count it as asked; with `open` all that may be answered. */
  async questions(open = false): Promise<Question[]> {
    return (await this.line.ask("GET /api/v1/me/questions", { query: { open } })).questions;
  }

  /** Answer a question; the answer has the values as they are now. */
  answer(key: string, values: Record<string, unknown>): Promise<Done> {
    return this.reply(key, { act: "answer", values });
  }

  /** Make the guess that was shown their own word. */
  confirm(key: string, guess: unknown): Promise<Done> {
    return this.reply(key, { act: "confirm", guess });
  }

  /** Leave a question for now. */
  skip(key: string): Promise<Done> {
    return this.reply(key, { act: "skip" });
  }

  /** Never ask this question again. */
  refuse(key: string): Promise<Done> {
    return this.reply(key, { act: "refuse" });
  }

  private reply(key: string, body: object): Promise<Done> {
    const sent = { path: { key }, body: body as never };
    return this.line.ask("POST /api/v1/me/questions/{key}", sent);
  }
}
