import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { ExecAuth } from "@kubernetes/client-node/dist/exec_auth.js";
import type { Clock } from "./clock.ts";
import { KubeconfigError, type Connection } from "./kubeconfig.ts";

/** What one request needs to be let in. It and its `tls` stay the same objects until their content changes. */
export interface Credentials {
  tls: Tls;
  headers: Record<string, string>;
}

interface Tls {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** Mounted tokens and certificates are rotated in place; client-go looks again as often. */
const rereadMs = 60_000;

/**
 * The credentials of a connection, kept fresh: files are read again every minute, a plugin is asked again when what it
 * gave has expired. Only client-node's authenticators are imported: all of client-node would take 85 MB of memory.
 */
export class CredentialSource {
  readonly #connection: Connection;
  readonly #clock: Clock;
  #authenticate: Authenticate | undefined;
  #files: { credentials: Credentials; until: number } | undefined;
  #latest: Credentials = { tls: {}, headers: {} };
  #pending: Promise<Credentials> | undefined;

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  async get(): Promise<Credentials> {
    this.#pending ??= this.#read().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  /** Forgets what was read or given, since the server refused it; unless another request found that out before. */
  refresh(refused: Credentials): void {
    if (refused !== this.#latest) return;
    this.#authenticate = undefined;
    this.#files = undefined;
  }

  async #read(): Promise<Credentials> {
    if (!this.#files || this.#clock.now() >= this.#files.until) {
      this.#files = { credentials: await read(this.#connection), until: this.#clock.now() + rereadMs };
    }
    this.#authenticate ??= await authenticator(this.#connection);
    const { tls, headers } = merge(this.#files.credentials, await this.#authenticate?.());
    const last = this.#latest;
    const same = isDeepStrictEqual(last.tls, tls);
    if (!same || !isDeepStrictEqual(last.headers, headers)) this.#latest = { tls: same ? last.tls : tls, headers };
    return this.#latest;
  }
}

/** What the kubeconfig itself says, and the files that it names. */
async function read({ cluster, user }: Connection): Promise<Credentials> {
  const tls: Tls = {
    ...present("ca", await content(cluster["certificate-authority"], cluster["certificate-authority-data"])),
    ...present("cert", await content(user["client-certificate"], user["client-certificate-data"])),
    ...present("key", await content(user["client-key"], user["client-key-data"])),
    ...present("servername", cluster["tls-server-name"]),
    ...(cluster["insecure-skip-tls-verify"] ? { rejectUnauthorized: false } : {}),
  };
  const headers: Record<string, string> = {};
  const token = user.tokenFile ? (await readFile(user.tokenFile, "utf8")).trim() : user.token;
  if (token) headers["authorization"] = `Bearer ${token}`;
  if (user.as) headers["impersonate-user"] = user.as;
  return { tls, headers };
}

function merge(own: Credentials, given: Credentials | undefined): Credentials {
  return given ? { tls: { ...own.tls, ...given.tls }, headers: { ...own.headers, ...given.headers } } : own;
}

type Authenticate = () => Promise<Credentials>;

/** The plugin (`exec`) or identity provider (`oidc`) of a user; it keeps what it was given until that expires. */
async function authenticator({ cluster, user }: Connection): Promise<Authenticate | undefined> {
  const { exec, "auth-provider": authProvider } = user;
  if (exec) {
    // Plugins built with client-go refuse to run without being told what is asked of them.
    const info = {
      apiVersion: exec.apiVersion,
      kind: "ExecCredential",
      spec: {
        interactive: false,
        ...(exec.provideClusterInfo && {
          cluster: { server: cluster.server, "certificate-authority-data": cluster["certificate-authority-data"] },
        }),
      },
    };
    const env = [...(exec.env ?? []), { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }];
    const plugin = new ExecAuth();
    return async () => {
      try {
        return await apply(plugin, { name: "user", exec: { ...exec, args: exec.args ?? [], env } });
      } catch (error) {
        const reason = error instanceof Error ? error.message.trim() : String(error);
        throw new KubeconfigError(`the credential plugin "${exec.command}" failed: ${reason}${exec.installHint ? `\n${exec.installHint}` : ""}`);
      }
    };
  }
  if (authProvider?.name === "oidc") {
    const { OpenIDConnectAuth } = await import("@kubernetes/client-node/dist/oidc_auth.js");
    const provider = new OpenIDConnectAuth();
    const named = { name: "user", authProvider: { name: "oidc", config: authProvider.config ?? {} } };
    return () => apply(provider, named);
  }
  if (authProvider) {
    throw new KubeconfigError(`the kubeconfig's auth-provider "${authProvider.name}" is no longer supported by Kubernetes; use an exec plugin`);
  }
  return undefined;
}

type Authenticator = Pick<ExecAuth, "applyAuthentication">;

async function apply(authenticator: Authenticator, user: Parameters<Authenticator["applyAuthentication"]>[0]) {
  const options: { headers: Record<string, string>; cert?: string; key?: string } = { headers: {} };
  await authenticator.applyAuthentication(user, options);
  const { Authorization: authorization } = options.headers;
  return {
    tls: { ...present("cert", options.cert), ...present("key", options.key) },
    headers: { ...present("authorization", authorization) },
  };
}

async function content(path: string | undefined, base64: string | undefined): Promise<Buffer | undefined> {
  if (base64) return Buffer.from(base64, "base64");
  return path ? readFile(path) : undefined;
}

function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  const result: { [P in K]?: V } = {};
  if (value !== undefined) result[key] = value;
  return result;
}
