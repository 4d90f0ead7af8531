import { isDeepStrictEqual } from "node:util";
import { unlessAborted } from "../clock/abort.ts";
import { authenticator, type Authenticate } from "./authenticator.ts";
import type { Clock } from "../clock/clock.ts";
import type { Credentials } from "./credentials.ts";
import type { Connection } from "./kubeconfig.ts";
import { ownCredentials } from "./own-credentials.ts";

/** Mounted tokens and certificates are rotated in place; client-go looks again as often. */
const rereadMs = 60_000;

/** The credentials of a connection, kept fresh: files are read again every minute, a plugin is asked again when what it gave has expired. */
export class CredentialSource {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  #authenticate: Authenticate | undefined;
  #files: { credentials: Credentials; until: number } | undefined;
  #latest: Credentials = { tls: {}, headers: {} };
  #pending: Promise<Credentials> | undefined;

  /** When `closing` aborts, a plugin that runs is killed. */
  constructor(connection: Connection, clock: Clock, closing: AbortSignal) {
    this.#connection = connection;
    this.#clock = clock;
    this.#closing = closing;
  }

  /** `signals` end the wait of this call alone, with their reason: others may wait for the same. */
  get(signals: readonly AbortSignal[]): Promise<Credentials> {
    return unlessAborted(signals, () => (this.#pending ??= this.#read().finally(() => (this.#pending = undefined))));
  }

  /** Forgets what was read or given, since the server refused it; unless another request found that out before. */
  refresh(refused: Credentials): void {
    if (refused !== this.#latest) return;
    this.#authenticate = undefined;
    this.#files = undefined;
  }

  async #read(): Promise<Credentials> {
    const own = await this.#readFiles();
    this.#authenticate ??= await authenticator(this.#connection, this.#clock, this.#closing);
    const given = await this.#authenticate?.(own);
    const tls = { ...own.tls, ...given?.tls };
    const headers = { ...own.headers, ...given?.headers };
    const last = this.#latest;
    const same = isDeepStrictEqual(last.tls, tls);
    if (!same || !isDeepStrictEqual(last.headers, headers)) this.#latest = { tls: same ? last.tls : tls, headers };
    return this.#latest;
  }

  async #readFiles(): Promise<Credentials> {
    if (this.#files && this.#clock.now() < this.#files.until) return this.#files.credentials;
    try {
      const credentials = await ownCredentials(this.#connection);
      this.#files = { credentials, until: this.#clock.now() + rereadMs };
      return credentials;
    } catch (error) {
      // They may be in the middle of a rotation: what was good a minute ago does until they are whole again.
      if (this.#files) return this.#files.credentials;
      throw error;
    }
  }
}
