import { crds, type CustomResourceDefinition } from "@plimsoll/api";
import type { Clock, Sender } from "@plimsoll/kube";
import { defaultNamespace, type RolesOptions } from "../../grant.ts";
import { roles } from "../../roles.ts";
import { namespaceOf, ours } from "../objects/complete.ts";
import type { KubernetesObject } from "../objects/metadata.ts";
import { kept } from "../objects/objects.ts";
import { applyPlan } from "./apply.ts";
import { planOf } from "./plan.ts";

export interface InstallOptions extends RolesOptions {
  crds?: CustomResourceDefinition[];
  clock?: Clock;
}

/**
 * Puts Plimsoll's kinds and the controller's ServiceAccounts with their roles into a cluster, for a controller that runs outside it.
 * Done again, it brings them up to date: what the options no longer ask for is taken away.
 */
export async function install(sender: Sender, options: InstallOptions = {}): Promise<void> {
  const { crds: definitions = crds(), clock, namespace = defaultNamespace } = options;
  const objects = [...definitions.map(kept), namespaceOf(namespace), ...roles(options)] as KubernetesObject[];
  const how = { force: true, ...(clock && { clock }) };
  await applyPlan(sender, await planOf(sender, objects.map(ours), { namespace, ...how }), how);
}
