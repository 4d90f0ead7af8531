import { controllerToken } from "@plimsoll/controller";
import { builtin, gate, Transport } from "@plimsoll/kube";
import { resourceText, type PolicyRule } from "@plimsoll/permissions";
import { signIndex, type Release, type ReleaseIndex } from "@plimsoll/updater";
import { spawn } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { helmProgram, type HelmVersion } from "@plimsoll/cluster";
import { inject, type TestContext } from "vitest";
import { stringify } from "yaml";
import { kubeconfigWith } from "../../scripts/local-controller.ts";
import { programOf } from "../../scripts/programs.ts";
import type { Result } from "../support/cli.ts";
import { helm } from "../support/helm.ts";
import { auditLog } from "../support/raw-request.ts";
import { place } from "../support/cluster.ts";
import { type Chart } from "./charts.ts";

const { declare, allow } = gate(builtin);

/** What the tests do, as the cluster's administrator. */
const permissions = declare("updater-test", [
  allow(["list", "watch"], "secrets", "to see what Helm has written"),
  allow(["get", "list", "watch"], "configmaps", "to read the updater's configuration and memory"),
  allow(["get", "patch"], "deployments.apps", "to see what runs, and to scale it"),
  allow("list", "replicasets.apps", "to know the newest pods"),
  allow("list", "pods", "to be the controller"),
  allow("patch", "leases.coordination.k8s.io", "to lead in a pod's name"),
  allow("list", "events.events.k8s.io", "to see what was told"),
  allow("create", "jobs.batch", "to be the CronJob"),
  allow("get", "roles.rbac.authorization.k8s.io", "to see what the updater may do"),
  allow("get", "clusterroles.rbac.authorization.k8s.io", "to see what the updater may do"),
]);

const program = programOf("updater");

export interface Look extends Result {
  /** What it did, in its own words: upgrade, rollback, … */
  steps: string[];
}

export interface LookOptions {
  /** The Helm that it runs. */
  helm?: HelmVersion;
  /** Its configuration, where it isn't as the chart wrote it. */
  config?: object;
  args?: string[];
  /** Kills it, with what it has started, when this resolves. */
  killedWhen?: (signal: AbortSignal) => Promise<unknown>;
}

/** A place in which Plimsoll is installed by Helm, with a list of releases. */
export class Site {
  readonly namespace: string;
  readonly client = permissions.client(Transport.fromKubeconfig(inject("kubeconfig"), { userAgent: "tests" }));
  readonly key: KeyObject;
  readonly url: string;
  readonly #files: Map<string, Buffer | RequestListener>;
  readonly #publicKey: string;
  readonly #end = new AbortController();
  #mark = 0;
  #isLed = true;

  constructor({ onTestFinished }: TestContext, namespace: string, url: string, files: Map<string, Buffer | RequestListener>) {
    this.namespace = namespace;
    this.url = url;
    this.#files = files;
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    this.key = privateKey;
    this.#publicKey = publicKey.export({ format: "pem", type: "spki" }).toString();
    onTestFinished(() => this.#end.abort());
  }

  /** Serves something at a path, in place of what was there. */
  serve(path: string, what: Buffer | RequestListener): void {
    this.#files.set(path, what);
  }

  /** Publishes charts, signed. */
  publish(
    charts: readonly Chart[],
    { serial = 1, expires = "2100-01-01T00:00:00Z", key = this.key }: { serial?: number; expires?: string; key?: KeyObject } = {},
  ): void {
    const releases = charts.map(({ version, bytes, digest }): Release => {
      const path = `/plimsoll-${version}.tgz`;
      this.serve(path, bytes);
      return { version, channel: "stable", date: "2026-11-27T00:00:00Z", chart: { url: `${this.url}${path}`, digest } };
    });
    const index: ReleaseIndex = { apiVersion: "plimsoll.dev/releases/v1", serial, expires, releases };
    const bytes = Buffer.from(JSON.stringify(index));
    this.serve("/index.json", bytes);
    this.serve("/index.json.sig", Buffer.from(signIndex(bytes, key)));
  }

  async install(version: HelmVersion, { file }: Chart, values: object = {}, args: string[] = []): Promise<void> {
    const { autoUpdate = {}, ...rest } = values as { autoUpdate?: object };
    const path = join(await mkdtemp(join(tmpdir(), "plimsoll-values-")), "values.yaml");
    const all = {
      crds: { create: false },
      nodeSelector: { type: "kwok" },
      tolerations: [{ key: "kwok.x-k8s.io/node", operator: "Exists" }],
      autoUpdate: { enabled: true, index: `${this.url}/index.json`, publicKeys: [this.#publicKey], healthTimeout: "3m", ...autoUpdate },
      ...rest,
    };
    await writeFile(path, stringify(all));
    const { code, stderr } = await helm(version, ["install", "plimsoll", file, "--namespace", this.namespace, "--values", path, ...args]);
    if (code !== 0) throw new Error(stderr);
    void this.#lead();
    this.#mark = await auditLog.mark();
  }

  /** Runs the updater once, as its own ServiceAccount. */
  async look({ helm: version = 4, config, args = [], killedWhen }: LookOptions = {}): Promise<Look> {
    const folder = await mkdtemp(join(tmpdir(), "plimsoll-look-"));
    const { namespace } = this;
    const transport = Transport.fromKubeconfig(inject("kubeconfig"));
    const token = await controllerToken(transport, { account: "plimsoll-updater", namespace });
    await transport.close();
    const [kubeconfig, file] = [join(folder, "kubeconfig"), join(folder, "updater.yaml")];
    await writeFile(kubeconfig, kubeconfigWith(inject("kubeconfig"), token, namespace), { mode: 0o600 });
    const map = await this.client("configmaps").get({ namespace, name: "plimsoll-updater" });
    await writeFile(file, config === undefined ? (map.data?.["updater.yaml"] ?? "") : stringify(config));
    const helmPath = await helmProgram(version);
    const all = ["--kubeconfig", kubeconfig, "--config", file, "--helm", helmPath, ...args];
    const child = spawn(process.execPath, [program, ...all], { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    // Without a leader it waits for one, and so is never done before it is killed.
    this.#isLed = killedWhen === undefined;
    const over = new AbortController();
    const killing = killedWhen?.(over.signal).then(() => process.kill(-(child.pid ?? 0), "SIGKILL"));
    const [[code], stdout, stderr] = await Promise.all([
      once(child, "close") as Promise<[number | null]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    over.abort();
    await killing?.catch(() => {});
    this.#isLed = true;
    const steps = stdout.split("\n").flatMap((line) => /"msg":"(upgrade|forward|rollback|settle|end)"/.exec(line)?.[1] ?? []);
    return { code: code ?? -1, stdout, stderr, steps };
  }

  async deployment() {
    return this.client("deployments.apps").get({ namespace: this.namespace, name: "plimsoll" });
  }

  async image(): Promise<string | undefined> {
    return (await this.deployment()).spec?.template.spec?.containers[0]?.image;
  }

  /** What the updater's condition says. */
  async told(): Promise<{ status?: string; reason?: string; message?: string } | undefined> {
    return (await this.deployment()).status?.conditions?.find(({ type }) => type === "plimsoll.dev/Updated");
  }

  async events(): Promise<string[]> {
    const events = await Array.fromAsync(this.client("events.events.k8s.io").list({ namespace: this.namespace }));
    return events.filter(({ reportingController }) => reportingController === "plimsoll.dev/updater").map(({ reason }) => reason ?? "");
  }

  /** The release's revisions and their states, as in `1 superseded`. */
  async revisions(): Promise<string[]> {
    const secrets = await Array.fromAsync(
      this.client("secrets").list({ namespace: this.namespace, labelSelector: "owner=helm,name=plimsoll" }),
    );
    return secrets
      .map(({ metadata }) => ({ number: Number(metadata.labels?.["version"]), status: metadata.labels?.["status"] }))
      .toSorted((a, b) => a.number - b.number)
      .map(({ number, status }) => `${number} ${status}`);
  }

  /** Resolves when one of the release's Secrets is written with this state. */
  async written(revision: number, status: string, signal: AbortSignal): Promise<void> {
    const select = { namespace: this.namespace, labelSelector: `owner=helm,name=plimsoll,version=${revision}` };
    while (!signal.aborted) {
      for await (const { metadata } of this.client("secrets").list(select)) if (metadata.labels?.["status"] === status) return;
      await sleep(5);
    }
    throw new Error("it has ended before");
  }

  /** Resolves when the updater has remembered that it has begun. */
  async begun(signal: AbortSignal): Promise<void> {
    const select = { namespace: this.namespace, fieldSelector: "metadata.name=plimsoll-updater-state" };
    while (!signal.aborted) {
      for await (const { data } of this.client("configmaps").list(select)) if (data?.["state"]?.includes("attempt")) return;
      await sleep(5);
    }
    throw new Error("it has ended before");
  }

  /** Makes a Job that never runs; with a time, as the CronJob does for that. */
  async job(name: string, scheduled?: string): Promise<void> {
    const annotations = scheduled === undefined ? {} : { "batch.kubernetes.io/cronjob-scheduled-timestamp": scheduled };
    const spec = { suspend: true, template: { spec: { restartPolicy: "Never", containers: [{ name: "none", image: "busybox" }] } } };
    await this.client("jobs.batch").create({ metadata: { namespace: this.namespace, name, annotations }, spec });
  }

  /** The rules that the chart has given the updater. */
  async rules(): Promise<PolicyRule[]> {
    const { namespace } = this;
    const name = `plimsoll-updater:${namespace}`;
    const [role, clusterRole] = await Promise.all([
      this.client("roles.rbac.authorization.k8s.io").get({ namespace, name }),
      this.client("clusterroles.rbac.authorization.k8s.io").get({ name }),
    ]);
    return [...(role.rules ?? []), ...(clusterRole.rules ?? [])];
  }

  /** What the API server refused the updater, and the Helm that it ran. */
  async refusals(): Promise<string[]> {
    const found: string[] = [];
    for await (const { user, code, verb, resource, name } of auditLog.since(this.#mark, this.namespace))
      if (code === 403 && user === `system:serviceaccount:${this.namespace}:plimsoll-updater`) found.push(`${verb} ${resource} ${name}`);
    return found;
  }

  /** Leads in the name of a pod of the newest ReplicaSet, as the controller in it would. */
  async #lead(): Promise<void> {
    const { client, namespace } = this;
    const labelSelector = "plimsoll.dev/process=plimsoll";
    for (const { signal } = this.#end; !signal.aborted; await sleep(300)) {
      if (!this.#isLed) continue;
      const sets = await Array.fromAsync(client("replicasets.apps").list({ namespace, labelSelector }));
      const revisionOf = (set: (typeof sets)[number]): number => Number(set.metadata.annotations?.["deployment.kubernetes.io/revision"]);
      const hash = sets.toSorted((a, b) => revisionOf(b) - revisionOf(a))[0]?.metadata.labels?.["pod-template-hash"];
      const pods = await Array.fromAsync(client("pods").list({ namespace, labelSelector: `${labelSelector},pod-template-hash=${hash}` }));
      const ready = pods.find(({ status }) => status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"));
      if (ready === undefined) continue;
      const renewTime = new Date().toISOString().replace("Z", "000Z");
      const spec = { holderIdentity: `${ready.metadata.name}_test`, renewTime, leaseDurationSeconds: 15 };
      await client("leases.coordination.k8s.io").patch(
        { namespace, name: "plimsoll" },
        { spec },
        { type: "apply", fieldManager: "tests", force: true },
      );
    }
  }
}

/** A new namespace, a server on this machine that serves nothing yet, and a key. */
export async function site(context: TestContext): Promise<Site> {
  const { namespace } = await place();
  const files = new Map<string, Buffer | RequestListener>();
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? "");
    if (typeof file === "function") return void file(request, response);
    response.writeHead(file === undefined ? 404 : 200).end(file);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Site(context, namespace, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, files);
}

/** What any updater was seen to do and was allowed, as in `patch deployments.apps/status`. An apply that creates is both. */
export async function used(): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { user, code, verb, group, resource, subresource, stage } of auditLog.since()) {
    if (!/^system:serviceaccount:t-[0-9a-f]+:plimsoll-updater$/.test(user) || code >= 400 || resource === "" || stage === "RequestReceived")
      continue;
    const text = resourceText({ group, resource, subresource });
    found.add(`${verb} ${text}`);
    if (verb === "patch" && code === 201) found.add(`create ${text}`);
  }
  return found;
}
