/** Signing people in from a page: authorization code with PKCE (RFC 7636), no dependency. */

import { Burnish } from "./index.js";
import type { Person } from "./person.js";
import { Problem, problem } from "./problem.js";

export interface SignInOptions {
  /** The service's address. */
  url: string;
  clientId: string;
  /** Where people come back to; this page's origin and `/callback` if nothing is said. */
  redirectUri?: string;
  scope?: string;
}

interface Tokens {
  access_token: string;
  refresh_token?: string;
  id_token?: string;
  expires_at: number;
}

const EARLY = 30_000;

/**
 * Who is signed in on this page. Tokens are kept in `sessionStorage`: they end with the tab.
 *
 * `login()` leaves the page; on the page of `redirectUri`, `callback()` takes in who came back.
 */
export class SignIn {
  private readonly key: string;
  private refreshing?: Promise<Tokens>;

  constructor(private readonly options: SignInOptions) {
    this.key = `burnish:${options.url}:${options.clientId}`;
  }

  get signedIn(): boolean {
    return this.kept !== undefined;
  }

  /** Go to the login. `more` is added to the request, such as `{ x_page: "signup" }`. */
  async login(more: Record<string, string> = {}): Promise<void> {
    const state = random();
    const verifier = random();
    sessionStorage.setItem(`${this.key}:begun`, JSON.stringify({ state, verifier }));
    this.go("/oauth2/authorize", {
      client_id: this.options.clientId,
      redirect_uri: this.redirectUri,
      response_type: "code",
      scope: this.options.scope ?? "openid profile email",
      state,
      code_challenge: await challenge(verifier),
      code_challenge_method: "S256",
      ...more,
    });
  }

  /** Take in who came back from the login, and tell whether somebody did. Throws a `Problem`. */
  async callback(): Promise<boolean> {
    const told = new URLSearchParams(location.search);
    const begun = JSON.parse(sessionStorage.getItem(`${this.key}:begun`) ?? "null");
    if (!told.has("state") || !begun) return false;
    sessionStorage.removeItem(`${this.key}:begun`);
    history.replaceState(null, "", location.pathname);
    if (told.get("state") !== begun.state) {
      throw new Problem(400, "wrong_state", "This login was not begun here; log in again.");
    }
    const error = told.get("error");
    if (error) throw new Problem(400, error, told.get("error_description") ?? error);
    await this.exchange({
      grant_type: "authorization_code",
      code: told.get("code") ?? "",
      redirect_uri: this.redirectUri,
      code_verifier: begun.verifier,
    });
    return true;
  }

  /** Return who is signed in. Throws a `Problem` where nobody is any more. */
  async person(): Promise<Person> {
    return new Burnish({ url: this.options.url }).person(await this.accessToken());
  }

  /** Return a token that is good for a while, a fresh one where need be. */
  async accessToken(): Promise<string> {
    const kept = this.kept;
    if (kept && kept.expires_at - EARLY > Date.now()) return kept.access_token;
    if (!kept?.refresh_token) {
      this.forget();
      throw new Problem(401, "unauthorized", "Nobody is signed in here.");
    }
    // A refresh token works once: whoever asks meanwhile waits for the same answer.
    const refresh = { grant_type: "refresh_token", refresh_token: kept.refresh_token };
    this.refreshing ??= this.exchange(refresh).finally(() => this.refreshing = undefined);
    return (await this.refreshing).access_token;
  }

  /** Sign out here and at the service, and come back to `to`, which is registered for that. */
  logout(to: string = `${location.origin}/`): void {
    const hint = this.kept?.id_token;
    this.forget();
    this.go("/oauth2/end_session", {
      client_id: this.options.clientId,
      post_logout_redirect_uri: to,
      ...(hint ? { id_token_hint: hint } : {}),
    });
  }

  private get redirectUri(): string {
    return this.options.redirectUri ?? `${location.origin}/callback`;
  }

  private get kept(): Tokens | undefined {
    return JSON.parse(sessionStorage.getItem(this.key) ?? "null") ?? undefined;
  }

  private forget(): void {
    sessionStorage.removeItem(this.key);
  }

  private go(path: string, query: Record<string, string>): void {
    location.assign(new URL(`${path}?${new URLSearchParams(query)}`, this.options.url));
  }

  private async exchange(grant: Record<string, string>): Promise<Tokens> {
    const body = new URLSearchParams({ client_id: this.options.clientId, ...grant });
    const answer = await fetch(new URL("/oauth2/token", this.options.url), {
      method: "POST",
      body,
    });
    if (!answer.ok) {
      this.forget();
      throw await problem(answer);
    }
    const { expires_in, ...tokens } = await answer.json();
    const kept = { ...this.kept, ...tokens, expires_at: Date.now() + expires_in * 1000 };
    sessionStorage.setItem(this.key, JSON.stringify(kept));
    return kept;
  }
}

function random(): string {
  return encoded(crypto.getRandomValues(new Uint8Array(32)));
}

async function challenge(verifier: string): Promise<string> {
  const bytes = new TextEncoder().encode(verifier);
  return encoded(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

function encoded(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
