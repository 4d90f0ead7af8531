import { crds } from "@plimsoll/api";
import type { Clock, Sender } from "@plimsoll/kube";
import { InstallationError } from "../failure.ts";
import type { KubernetesObject } from "../objects/metadata.ts";
import { catalogue, isAnywhere, resourceOf } from "./catalogue.ts";
import { labelledKinds } from "./found.ts";
import { persistently } from "./persistently.ts";
import { installClient, type InstallClient } from "./permissions.ts";

type Resource = keyof typeof catalogue;

/** A right that the plan takes; without a namespace, in the whole cluster. */
export interface Right {
  verb: string;
  resource: Resource;
  namespace?: string | undefined;
}

/** What it takes to apply these objects in place of what is installed in a namespace, and to take away the rest. */
export async function rightsFor(sender: Sender, objects: readonly KubernetesObject[], namespace: string): Promise<Right[]> {
  const applied = objects.flatMap(({ kind, metadata }): Right[] =>
    ["get", "patch", "create"].map((verb) => ({ verb, resource: resourceOf(kind), namespace: metadata.namespace })),
  );
  const found = (await labelledKinds(sender)).flatMap(([, resource]): Right[] =>
    ["list", "delete"].map((verb) => ({
      verb,
      resource,
      ...(!isAnywhere(resource) && { namespace }),
    })),
  );
  return [...new Map([...applied, ...found].map((right) => [JSON.stringify(right), right])).values()];
}

/** What it takes to delete all that users made, and Plimsoll's kinds. */
export function rightsForData(): Right[] {
  return [
    ...crds().flatMap(({ metadata: { name } }): Right[] =>
      ["list", "delete"].map((verb) => ({ verb, resource: name as "pipelines.plimsoll.dev" })),
    ),
    { verb: "list", resource: "pods" },
    { verb: "get", resource: "customresourcedefinitions.apiextensions.k8s.io" },
    { verb: "delete", resource: "customresourcedefinitions.apiextensions.k8s.io" },
  ];
}

/** Throws an InstallationError that names every right that the user lacks, if there is one. */
export async function checkRights(sender: Sender, rights: readonly Right[], namespace: string, clock: Clock): Promise<void> {
  const client = installClient(sender, namespace);
  if (await isAllowed(client, { verb: "*", group: "*", resource: "*" }, clock)) return;
  const allowed = await Promise.all(
    rights.map(({ verb, resource, namespace }) => {
      const { group, plural } = catalogue[resource];
      return isAllowed(client, { verb, group, resource: plural, namespace }, clock);
    }),
  );
  const lacking = rights.filter((_, index) => !allowed[index]);
  if (lacking.length === 0) return;
  const places = Map.groupBy(lacking, ({ resource, namespace }) => `${resource}${namespace === undefined ? "" : ` in ${namespace}`}`);
  throw new InstallationError(
    `this takes rights that you lack; nothing was changed. Ask an administrator of the cluster for:\n${[...places]
      .map(([place, of]) => `  ${of.map(({ verb }) => verb).join(",")} ${place}`)
      .join("\n")}`,
  );
}

async function isAllowed(
  client: InstallClient,
  resourceAttributes: { verb: string; group: string; resource: string; namespace?: string | undefined },
  clock: Clock,
): Promise<boolean> {
  const reviews = client("selfsubjectaccessreviews.authorization.k8s.io");
  const { status } = await persistently(clock, () => reviews.create({ spec: { resourceAttributes } }));
  return status?.allowed ?? false;
}
