import { inKeyOrder } from "@plimsoll/api";
import { createHash } from "node:crypto";
import { schema } from "../../config/features.ts";
import type { Process } from "../../grant.ts";
import type { Installation } from "../installation.ts";
import { metadataOf, type KubernetesObject } from "./metadata.ts";
import { container, podSpec } from "./pod.ts";
import type { Values } from "../values/values.ts";

type Named = Process<{ name: string }>;

/** Tells the pods of a process from others; a Deployment's selector, which can't be changed. */
export function selectorOf({ name }: Pick<Named, "name">): Record<string, string> {
  return { "app.kubernetes.io/name": "plimsoll", "plimsoll.dev/process": name };
}

/** The configuration file of a process. */
export function configMapOf(process: Named, { values, namespace }: Installation): KubernetesObject {
  const data = { "plimsoll.yaml": configText(process, values) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: metadataOf(process.name, namespace), data } as KubernetesObject;
}

/** In JSON, laid out as Helm does it: libraries of YAML differ in what they put in quotes, as of a namespace called 123e4567. */
function configText({ name, lease, features }: Named, values: Values): string {
  const { namespaces } = values;
  const sections = Object.entries(values.features).map(([feature, section]) => [
    feature,
    // What is null isn't given: Helm leaves it out of the values.
    Object.fromEntries(
      Object.entries({ ...section, enabled: features.some(({ name }) => name === feature) }).filter(([, value]) => value !== null),
    ),
  ]);
  const config = {
    ...Object.fromEntries(Object.keys(schema.shape).map((key) => [key, values[key as keyof Values]])),
    leaderElection: { ...values.leaderElection, lease },
    namespaces: namespaces.length > 0 ? namespaces : undefined,
    features: Object.fromEntries(sections),
  };
  return `# The configuration file of ${name}.\n${JSON.stringify(inKeyOrder(config), null, 2)}\n`;
}

/** The pods of a process, of which one leads. */
export function deploymentOf(process: Named, installation: Installation): KubernetesObject {
  const { values, namespace, version } = installation;
  const { replicas, podLabels, podAnnotations } = values;
  const { labels, ...metadata } = metadataOf(process.name, namespace);
  const selector = selectorOf(process);
  const checksum = createHash("sha256").update(configText(process, values)).digest("hex");
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...metadata, labels: { ...labels, "app.kubernetes.io/version": version } },
    spec: {
      ...(replicas !== null && { replicas }),
      revisionHistoryLimit: 3,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: selector },
      template: {
        metadata: {
          labels: { ...values.commonLabels, ...podLabels, ...labels, ...selector },
          // Most keys of the file are read at the start alone.
          annotations: { ...podAnnotations, "plimsoll.dev/config": checksum },
        },
        spec: podSpec(process.account, values, {
          containers: [container(installation)],
          volumes: [{ name: "config", configMap: { name: process.name } }, ...values.extraVolumes],
          affinity: Object.keys(values.affinity).length > 0 ? values.affinity : apart(selector),
        }),
      },
    },
  } as KubernetesObject;
}

function apart(matchLabels: Record<string, string>): object {
  const podAffinityTerm = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels } };
  return { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] } };
}

/** Keeps one pod of a process while nodes are drained. */
export function budgetOf(process: Named, { namespace }: Installation): KubernetesObject {
  const spec = { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: selectorOf(process) } };
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: metadataOf(process.name, namespace), spec } as KubernetesObject;
}
