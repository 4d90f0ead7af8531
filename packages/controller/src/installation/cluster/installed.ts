import { isForbidden, type Stored } from "@plimsoll/kube";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { ConfigMap } from "kubernetes-types/core/v1.d.ts";
import { parse } from "yaml";
import * as z from "zod";
import { installationLabel, labelsOf } from "../../roles.ts";
import { valuesName } from "../objects/complete.ts";
import type { LiveObject } from "../live-object.ts";
import { helmReleaseOf, type HelmRelease } from "../owner.ts";
import type { StatusClient } from "./permissions.ts";

/** What is known of the installation in a namespace. */
export interface Installed {
  namespace: string;
  /** Undefined where nothing tells. */
  version: string | undefined;
  /** The values as they were given, where `plimsoll` installed it. */
  given: object | undefined;
  /** Undefined where Helm didn't install it. */
  helm: HelmRelease | undefined;
  deployments: Stored<Deployment>[];
  /** The configuration of each process, by its Deployment's name. */
  configs: Map<string, ProcessConfig>;
}

const processConfig = z.looseObject({
  namespaces: z.array(z.string()).optional(),
  leaderElection: z.looseObject({ lease: z.string() }),
  features: z.record(z.string(), z.looseObject({ enabled: z.boolean() })),
});

/** What is read of a process's configuration file. */
export type ProcessConfig = z.output<typeof processConfig>;

export const versionLabel = "app.kubernetes.io/version";

/** Reads the installation in a namespace; undefined where there is none that has a process or values. */
export async function readInstalled(client: StatusClient, namespace: string): Promise<Installed | undefined> {
  const select = { namespace, labelSelector: `${installationLabel}=${namespace}` };
  const deployments = await Array.fromAsync(client("deployments.apps").list(select));
  const maps: Stored<ConfigMap>[] = await Array.fromAsync(client("configmaps").list(select));
  const values = maps.find(({ metadata }) => metadata.name === valuesName)?.data;
  if (deployments.length === 0 && values === undefined) return undefined;
  const versions = deployments.flatMap(({ metadata }) => metadata.labels?.[versionLabel] ?? []);
  return {
    namespace,
    version: values?.["version"] ?? versions[0],
    given: values && givenIn(values),
    helm: deployments.map((deployment) => helmReleaseOf(deployment as LiveObject)).find((release) => release !== undefined),
    deployments,
    configs: new Map(maps.flatMap(({ metadata, data }) => configIn(metadata.name, data))),
  };
}

function givenIn(data: Record<string, string>): object {
  const value: unknown = parse(data["values.yaml"] ?? "{}");
  return typeof value === "object" && value !== null ? value : {};
}

function configIn(name: string, data: Record<string, string> = {}): [string, ProcessConfig][] {
  const found = processConfig.safeParse(parse(data["plimsoll.yaml"] ?? "null"));
  return found.success ? [[name, found.data]] : [];
}

/** A process of an installation somewhere in the cluster. */
export interface Elsewhere {
  namespace: string;
  name: string;
  version: string | undefined;
}

/** The controller's Deployments in the whole cluster or, for who may not look there, in one namespace alone. */
export async function processesIn(client: StatusClient, namespace: string): Promise<{ processes: Elsewhere[]; whole: boolean }> {
  const labelSelector = `app.kubernetes.io/name=${labelsOf(namespace)["app.kubernetes.io/name"]},${installationLabel}`;
  const read = async (where: { namespace?: string }): Promise<Elsewhere[]> => {
    const found = await Array.fromAsync(client("deployments.apps").list({ labelSelector, ...where }));
    return found.map(({ metadata }) => ({
      namespace: metadata.namespace ?? "",
      name: metadata.name,
      version: metadata.labels?.[versionLabel],
    }));
  };
  try {
    return { processes: await read({}), whole: true };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { processes: await read({ namespace }), whole: false };
  }
}
