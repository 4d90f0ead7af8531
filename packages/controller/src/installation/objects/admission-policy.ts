import type { ConfiguredKind } from "@plimsoll/features/configured";
import { clusterName, processesOf } from "../../grant.ts";
import { featuresNamed } from "../../features.ts";
import { labelsOf } from "../../roles.ts";
import type { Installation } from "../installation.ts";
import type { KubernetesObject } from "./metadata.ts";
import { policySpec } from "./policy-spec.ts";
import { runsSpark } from "./spark.ts";
import { workloadPolicySpecs } from "./workload-policy-spec.ts";

/** What the policy about runs, and its binding, are called. */
const base = "plimsoll-runs";

/** Who may run what: the API server itself holds whoever writes Plimsoll's objects to the rights that what is made for them takes. */
export function admissionPolicy({ values, namespace }: Installation, options: { features: string[] }): KubernetesObject[] {
  const processes = processesOf(featuresNamed(options.features), {
    isolation: values.isolation,
    lease: values.leaderElection.lease,
    serviceAccount: values.serviceAccount.name || undefined,
  });
  const users = processes.map(({ account }) => `system:serviceaccount:${namespace}:${account}`);
  const { features } = values;
  const kindsOf = (feature: string): readonly ConfiguredKind[] =>
    (features[feature] as { kinds?: ConfiguredKind[] } | undefined)?.kinds ?? [];
  const { namespaces } = values;
  return [
    ...withBinding(base, policySpec(users, kindsOf("schedules"), runsSpark(values)), namespaces, namespace),
    // Also where no sets are kept yet: those that are written there would be, once the feature is given the namespace.
    ...[
      ...workloadPolicySpecs(users, kindsOf("workloads"), ["sets", "sources"]),
      ...workloadPolicySpecs(users, kindsOf("pipelines"), ["steps"]),
    ].flatMap(({ name, spec }) => withBinding(name, spec, namespaces, namespace)),
  ];
}

function withBinding(base: string, spec: object, namespaces: readonly string[], namespace: string): KubernetesObject[] {
  // Other than that of a role, such a name can't have a colon; no namespace's has a dot.
  const name = clusterName(base, namespace).replace(":", ".");
  const metadata = { name, labels: labelsOf(namespace) };
  const apiVersion = "admissionregistration.k8s.io/v1";
  const selector = { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: namespaces }] };
  return [
    { apiVersion, kind: "ValidatingAdmissionPolicy", metadata, spec } as KubernetesObject,
    {
      apiVersion,
      kind: "ValidatingAdmissionPolicyBinding",
      metadata,
      spec: {
        policyName: name,
        validationActions: ["Deny"],
        ...(namespaces.length > 0 && { matchResources: { namespaceSelector: selector } }),
      },
    } as KubernetesObject,
  ];
}
