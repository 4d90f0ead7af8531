import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import * as z from "zod";
import type { Clock } from "../clock/clock.ts";
import { checkKeyPair } from "./key-pair.ts";
import { optional, type Connection, type ExecConfig } from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { messageOf } from "../message.ts";

const versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

const credentialSchema = z.object({
  kind: z.literal("ExecCredential"),
  apiVersion: z.string(),
  status: z
    .object({
      token: optional.refine((token) => token === undefined || !/\s/.test(token), "a token has no whitespace in it"),
      clientCertificateData: optional,
      clientKeyData: optional,
      expirationTimestamp: z.iso.datetime({ offset: true }).nullish(),
    })
    .refine(
      ({ token, clientCertificateData }) => token !== undefined || clientCertificateData !== undefined,
      "there is neither a token nor a certificate",
    ),
});

type Status = z.output<typeof credentialSchema>["status"];

/**
 * A credential plugin: a program that prints a token or a client certificate. It has no terminal and no input.
 * See https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export class ExecPlugin {
  readonly #exec: ExecConfig;
  readonly #cluster: Connection["cluster"];
  readonly #clock: Clock;
  #given: Status | undefined;

  /** Throws a KubeconfigError for what asks for more than a plugin is given here. */
  constructor(exec: ExecConfig, cluster: Connection["cluster"], clock: Clock) {
    const named = `the credential plugin "${exec.command}"`;
    if (!versions.includes(exec.apiVersion))
      throw new KubeconfigError(`${named} has the apiVersion "${exec.apiVersion}": there are ${versions.join(" and ")}`);
    if (exec.interactiveMode === "Always")
      throw new KubeconfigError(`${named} wants a terminal (interactiveMode: Always) and cannot have one here; use one that does without`);
    this.#exec = exec;
    this.#cluster = cluster;
    this.#clock = clock;
  }

  /** What the plugin gave last or, once that has expired, gives now; `ca` is the cluster's. It is killed when `signal` aborts. */
  async credentials(ca: Buffer | undefined, signal: AbortSignal): Promise<Status> {
    const { expirationTimestamp } = this.#given ?? {};
    const expired = expirationTimestamp && Date.parse(expirationTimestamp) <= this.#clock.now();
    if (!this.#given || expired) this.#given = await this.#ask(ca, signal);
    return this.#given;
  }

  async #ask(ca: Buffer | undefined, signal: AbortSignal): Promise<Status> {
    const { command, apiVersion, installHint } = this.#exec;
    try {
      const credential = credentialSchema.parse(JSON.parse(await this.#run(ca, signal)));
      if (credential.apiVersion !== apiVersion) throw new Error(`it answered in ${credential.apiVersion}, not in ${apiVersion}`);
      checkKeyPair(credential.status.clientCertificateData, credential.status.clientKeyData);
      return credential.status;
    } catch (error) {
      const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
      throw new KubeconfigError(
        `the credential plugin "${command}" failed: ${reasonOf(error)}${isMissing && installHint ? `\n${installHint}` : ""}`,
      );
    }
  }

  /** What the plugin prints. */
  async #run(ca: Buffer | undefined, signal: AbortSignal): Promise<string> {
    const { command, args, env } = this.#exec;
    const child = spawn(command, args ?? [], {
      env: {
        ...process.env,
        ...Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
        KUBERNETES_EXEC_INFO: JSON.stringify(this.#info(ca)),
      },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
      killSignal: "SIGKILL",
    });
    try {
      const [[code, killedBy], output, complaint] = await Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
      if (code !== 0)
        throw new Error([code === null ? `it was ended by ${killedBy}` : `exit code ${code}`, complaint.trim()].filter(Boolean).join(": "));
      return output;
    } finally {
      // Programs that it started may hold these open after it was killed.
      child.stdout.destroy();
      child.stderr.destroy();
    }
  }

  #info(ca: Buffer | undefined) {
    const { server, "tls-server-name": name, "insecure-skip-tls-verify": insecure, "proxy-url": proxy } = this.#cluster;
    const cluster = {
      server,
      "tls-server-name": name,
      "insecure-skip-tls-verify": insecure ?? undefined,
      "certificate-authority-data": ca?.toString("base64"),
      "proxy-url": proxy,
    };
    return {
      apiVersion: this.#exec.apiVersion,
      kind: "ExecCredential",
      spec: { interactive: false, ...(this.#exec.provideClusterInfo && { cluster }) },
    };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `its answer is not as it should be: ${z.prettifyError(error)}`;
  return error instanceof SyntaxError ? `its answer is not JSON: ${error.message}` : messageOf(error);
}
