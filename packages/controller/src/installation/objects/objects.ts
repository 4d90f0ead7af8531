import { crds, sparkCrds } from "@plimsoll/api";
import { processesOf, type RolesOptions } from "../../grant.ts";
import { enabledFeatures } from "../../config/features.ts";
import { featuresNamed } from "../../features.ts";
import { commentedRoles, type CommentedObject } from "../../roles.ts";
import { admissionPolicy } from "./admission-policy.ts";
import { bigDataRoles } from "./big-data.ts";
import { budgetOf, configMapOf, deploymentOf } from "./process.ts";
import { extensionRoles } from "./extensions.ts";
import { dashboardMap, metricsService, prometheusRule, serviceMonitor } from "./observability.ts";
import type { Installation } from "../installation.ts";
import type { KubernetesObject } from "./metadata.ts";
import { networkPolicy } from "./network-policy.ts";
import { hasSparkKinds } from "./spark.ts";
import { userRoles } from "./user-roles.ts";
import type { Values } from "../values/values.ts";

/** An object of an installation and, where it is a role, what is said of each of its rules. */
export interface InstalledObject extends Omit<CommentedObject, "object"> {
  object: KubernetesObject;
}

/**
 * What an installation consists of, in the order in which to apply it; its namespace isn't among it. The chart in
 * charts/plimsoll renders the same from the same values, and what updates it beside that.
 */
export function objectsOf(installation: Installation): InstalledObject[] {
  const { values, namespace } = installation;
  const options = rolesOptions(installation);
  const processes = processesOf(featuresNamed(options.features), options);
  const accounts = processes.map(({ account }) => account);
  const plain = (objects: readonly KubernetesObject[]): InstalledObject[] => objects.map((object) => ({ object, comments: [] }));
  const identities = (commentedRoles(options) as InstalledObject[]).filter(({ object: { kind } }) =>
    kind === "ServiceAccount" ? values.serviceAccount.create : values.rbac.create,
  );
  const objects: InstalledObject[] = [
    ...(values.crds.create ? plain(crds().map(kept)) : []),
    ...(hasSparkKinds(values) ? plain(sparkCrds().map(kept)) : []),
    ...identities.map(({ object, comments }) => ({ object: withAnnotations(object, values), comments })),
    ...(values.rbac.create ? plain(extensionRoles(installation, accounts)) : []),
    ...(values.rbac.create ? plain(bigDataRoles(installation, processes)) : []),
    ...(values.rbac.create && values.rbac.userRoles ? plain(userRoles(namespace, values)) : []),
    ...(values.admissionPolicy.create ? plain(admissionPolicy(installation, options)) : []),
    ...plain([
      ...processes.map((process) => configMapOf(process, installation)),
      ...processes.map((process) => deploymentOf(process, installation)),
      ...(values.podDisruptionBudget.create && (values.replicas ?? 2) > 1
        ? processes.map((process) => budgetOf(process, installation))
        : []),
      metricsService(namespace),
      ...(values.networkPolicy.create ? [networkPolicy(installation)] : []),
      ...(values.serviceMonitor.create ? [serviceMonitor(installation)] : []),
      ...(values.prometheusRule.create ? [prometheusRule(installation)] : []),
      ...(values.dashboard.create ? [dashboardMap(installation)] : []),
    ]),
  ];
  return objects.map(({ object, comments }) => ({ object: withLabels(object, values), comments }));
}

/** What the values say of the roles. */
export function rolesOptions({ values, namespace }: Pick<Installation, "values" | "namespace">): RolesOptions & { features: string[] } {
  return {
    // In the order in which Helm goes through a map.
    features: enabledFeatures(values).sort(),
    config: values.features,
    namespaces: values.namespaces.length > 0 ? values.namespaces : undefined,
    isolation: values.isolation,
    lease: values.leaderElection.lease,
    namespace,
    serviceAccount: values.serviceAccount.name || undefined,
  };
}

/** Who deletes a kind deletes every object of it: that is left to people. */
export function kept(crd: ReturnType<typeof crds>[number]): KubernetesObject {
  const annotations = { ...crd.metadata.annotations, "helm.sh/resource-policy": "keep" };
  return { ...crd, metadata: { ...crd.metadata, labels: { "app.kubernetes.io/name": "plimsoll" }, annotations } };
}

function withAnnotations(object: KubernetesObject, { serviceAccount: { annotations } }: Values): KubernetesObject {
  if (object.kind !== "ServiceAccount") return object;
  return {
    ...object,
    metadata: { ...object.metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
    // Each pod says itself that it wants the token.
    automountServiceAccountToken: false,
  } as KubernetesObject;
}

function withLabels(object: KubernetesObject, { commonLabels }: Values): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, labels: { ...commonLabels, ...object.metadata.labels } } };
}
