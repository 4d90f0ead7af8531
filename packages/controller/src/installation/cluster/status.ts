import { crds } from "@plimsoll/api";
import { isForbidden, isNotFound } from "@plimsoll/kube";
import type { Rollout } from "../health.ts";
import type { HelmRelease } from "../owner.ts";
import { readExtensions, type Extension } from "./extensions.ts";
import type { Installed } from "./installed.ts";
import type { StatusClient } from "./permissions.ts";
import { readRollout } from "./rollouts.ts";

/** How an installation is. */
export interface InstallationStatus {
  namespace: string;
  version: string | undefined;
  installedBy: { tool: "plimsoll" } | ({ tool: "helm" } & HelmRelease);
  healthy: boolean;
  processes: (Rollout & { leader: string | undefined; lastUpdate: UpdateCondition | undefined })[];
  kinds: { name: string; served: boolean; storedVersions: string[] }[];
  /** Whether each is on. */
  features: Record<string, boolean>;
  /** The namespaces that it works in; undefined: all. */
  namespaces: string[] | undefined;
  /** Undefined for who may not see them. */
  extensions: Extension[] | undefined;
}

/** What became of the last update by itself. */
export interface UpdateCondition {
  status: string;
  reason?: string;
  message?: string;
  time?: string;
}

/** Reads how an installation is. */
export async function statusOf(client: StatusClient, installed: Installed): Promise<InstallationStatus> {
  const { namespace, version, helm, deployments, configs } = installed;
  const leases = await Array.fromAsync(client("leases.coordination.k8s.io").list({ namespace }));
  const processes = await Promise.all(
    deployments.map(async (deployment) => {
      const lease = configs.get(deployment.metadata.name)?.leaderElection.lease;
      const holder = leases.find(({ metadata }) => metadata.name === lease)?.spec?.holderIdentity;
      return {
        ...(await readRollout(client, deployment)),
        leader: holder || undefined,
        lastUpdate: lastUpdate(deployment.status?.conditions),
      };
    }),
  );
  const kinds = await Promise.all(crds().map(({ metadata: { name } }) => kindStatus(client, name)));
  const config = [...configs.values()];
  const enabled = (name: string): boolean => config.some(({ features }) => features[name]?.enabled);
  return {
    namespace,
    version,
    installedBy: helm === undefined ? { tool: "plimsoll" } : { tool: "helm", ...helm },
    healthy: processes.length > 0 && processes.every(({ done }) => done) && kinds.every(({ served }) => served),
    processes,
    kinds,
    features: Object.fromEntries(Object.keys(config[0]?.features ?? {}).map((name) => [name, enabled(name)])),
    namespaces: config[0]?.namespaces,
    extensions: await readExtensions(client, namespace).catch((error: unknown) => {
      if (isForbidden(error)) return undefined;
      throw error;
    }),
  };
}

function lastUpdate(
  conditions: readonly { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[] = [],
): UpdateCondition | undefined {
  const found = conditions.find(({ type }) => type === "plimsoll.dev/Updated");
  if (found === undefined) return undefined;
  const { type: _, lastTransitionTime: time, ...rest } = found;
  return { ...rest, ...(time !== undefined && { time }) };
}

async function kindStatus(client: StatusClient, name: string): Promise<InstallationStatus["kinds"][number]> {
  try {
    const { status } = await client("customresourcedefinitions.apiextensions.k8s.io").get({ name });
    const served = status?.conditions?.some(({ type, status }) => type === "Established" && status === "True") ?? false;
    return { name, served, storedVersions: status?.storedVersions ?? [] };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return { name, served: false, storedVersions: [] };
  }
}
