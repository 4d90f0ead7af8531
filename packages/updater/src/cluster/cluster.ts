import { gate, isNotFound, resource, type Sender } from "@plimsoll/kube";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import * as z from "zod";
import { memorySchema, type Memory } from "../memory.ts";
import type { Running } from "../health/health.ts";
import { stateName, updaterClient, type Names } from "../permissions.ts";
import type { Held } from "../rights/missing.ts";
import { policyRules, type Role } from "../rights/roles.ts";
import { groupOf, pluralOf, type ManifestObject } from "./manifest.ts";
import { revisionOf, secretsOf, type Revision } from "./revision.ts";
import type { Workload } from "./workload.ts";

/** The field manager of what the updater writes for itself. */
const manager = "plimsoll-updater";

/** No namespace can have such a name: what may be done in it may be done everywhere. */
const nowhere = "no.where";

const scheduledAt = "batch.kubernetes.io/cronjob-scheduled-timestamp";

const versionSchema = z.object({ gitVersion: z.string() });

async function orNone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The cluster, as the updater of one release sees and changes it. */
export class Cluster {
  readonly #sender: Sender;
  readonly #namespace: string;
  readonly #names: Omit<Names, "deployments" | "leases">;

  constructor(sender: Sender, namespace: string, role: string) {
    this.#sender = sender;
    this.#namespace = namespace;
    this.#names = { role, clusterRole: role };
  }

  /** A client for what is there of a release. */
  #client(workloads: readonly Workload[] = []) {
    const some = (names: readonly string[]): readonly string[] => (names.length > 0 ? names : [manager]);
    const deployments = some(workloads.map(({ name }) => name));
    const leases = some(workloads.flatMap(({ lease }) => lease ?? []));
    return updaterClient(this.#sender, { ...this.#names, deployments, leases }, this.#namespace);
  }

  /** Of the API server, as in v1.36.3. */
  async version(): Promise<string> {
    return versionSchema.parse(await this.#sender.request({ method: "GET", path: "/version" })).gitVersion;
  }

  /** The release's revisions, in their order. */
  async revisions(release: string): Promise<Revision[]> {
    const select = { namespace: this.#namespace, labelSelector: secretsOf(release) };
    const secrets = await Array.fromAsync(this.#client()("secrets").list(select));
    return secrets.map(revisionOf).toSorted((a, b) => a.number - b.number);
  }

  /** Whether there is a revision of this number. */
  async isRevision(release: string, number: number): Promise<boolean> {
    const labelSelector = `${secretsOf(release)},version=${number}`;
    return (await Array.fromAsync(this.#client()("secrets").list({ namespace: this.#namespace, labelSelector }))).length > 0;
  }

  async running(workloads: readonly Workload[]): Promise<Running[]> {
    const client = this.#client(workloads);
    const namespace = this.#namespace;
    const all = workloads.length === 0 ? [] : await Array.fromAsync(client("pods").list({ namespace }));
    return Promise.all(
      workloads.map(async (workload) => {
        const { name, lease } = workload;
        const deployment = await orNone(client("deployments.apps").get({ namespace, name }));
        const labels = Object.entries(deployment?.spec?.selector.matchLabels ?? { [manager]: "" });
        const pods = all.filter(({ metadata }: Pod) => labels.every(([key, value]) => metadata?.labels?.[key] === value));
        return {
          workload,
          deployment,
          pods,
          lease: lease === undefined ? undefined : await orNone(client("leases.coordination.k8s.io").get({ namespace, name: lease })),
        };
      }),
    );
  }

  /** When the CronJob had the Job run, in milliseconds since 1970; undefined for one that somebody has made. */
  async openedAt(job: string): Promise<number | undefined> {
    const found = await orNone(this.#client()("jobs.batch").get({ namespace: this.#namespace, name: job }));
    const at = Date.parse(found?.metadata?.annotations?.[scheduledAt] ?? "");
    return Number.isNaN(at) ? undefined : at;
  }

  async memory(): Promise<Memory> {
    const found = await orNone(this.#client()("configmaps").get({ namespace: this.#namespace, name: stateName }));
    const text = found?.data?.["state"];
    try {
      return memorySchema.parse(text === undefined ? {} : JSON.parse(text));
    } catch (error) {
      throw new Error(`the ConfigMap ${stateName} can't be read: what the updater wrote there was changed. Delete it, and it begins anew`, {
        cause: error,
      });
    }
  }

  async remember(memory: Memory): Promise<void> {
    const ref = { namespace: this.#namespace, name: stateName };
    await this.#client()("configmaps").patch(
      ref,
      { data: { state: JSON.stringify(memory) } },
      { type: "apply", fieldManager: manager, force: true },
    );
  }

  /** What the updater may do: everywhere, and in namespaces. */
  async held(namespaces: readonly string[]): Promise<Held> {
    const review = async (namespace: string) => {
      const { status } = await this.#client()("selfsubjectrulesreviews.authorization.k8s.io").create({ spec: { namespace } });
      return policyRules.parse(status?.resourceRules);
    };
    const places = await Promise.all(namespaces.map(async (place) => [place, await review(place)] as const));
    return { everywhere: await review(nowhere), in: new Map(places) };
  }

  /** Gives the updater's own role these rules, in Helm's name: Helm does the same afterwards, and finds it done. */
  async widen({ kind, name, namespace = "", rules }: Role): Promise<void> {
    const apply = { type: "apply", fieldManager: "helm", force: true } as const;
    if (kind === "Role") await this.#client()("roles.rbac.authorization.k8s.io").patch({ namespace, name }, { rules }, apply);
    else await this.#client()("clusterroles.rbac.authorization.k8s.io").patch({ name }, { rules }, apply);
  }

  async delete({ apiVersion, kind, metadata: { name, namespace } }: ManifestObject): Promise<void> {
    const [version = ""] = apiVersion.split("/").slice(-1);
    const definition = { group: groupOf(apiVersion), version, plural: pluralOf(kind), kind };
    const why = "what only the release has that is rolled back: Helm would delete it last, when the updater has its former rights again";
    if (namespace === undefined) {
      const { allow, declare } = gate({ object: resource<object>({ ...definition, namespaced: false }) });
      const { client } = declare("updater", [allow("delete", "object", why, { names: [name] })]);
      await orNone(client(this.#sender)("object").delete({ name }));
    } else {
      const { allow, declare } = gate({ object: resource<object>({ ...definition, namespaced: true }) });
      const { client } = declare("updater", [allow("delete", "object", why, { names: [name], in: "chosen" })]);
      await orNone(client(this.#sender, { chosen: [namespace] })("object").delete({ namespace, name }));
    }
  }

  /** Writes a condition on a Deployment's status, where it isn't so already; whether it had to. */
  async tell(
    { workload, deployment }: Running,
    condition: { type: string; status: string; reason: string; message: string },
  ): Promise<boolean> {
    const before = deployment?.status?.conditions?.find(({ type }) => type === condition.type);
    if (deployment === undefined || (["status", "reason", "message"] as const).every((key) => before?.[key] === condition[key]))
      return false;
    const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : now;
    const status = { conditions: [{ ...condition, lastUpdateTime: now, lastTransitionTime }] };
    await this.#client([workload])("deployments.apps/status").patch(
      { namespace: this.#namespace, name: workload.name },
      { status },
      { type: "apply", fieldManager: manager, force: true },
    );
    return true;
  }
}
