import type { Installation } from "../installation.ts";
import { metadataOf, type KubernetesObject } from "./metadata.ts";
import { port } from "./pod.ts";

/** Lets the controller's pods be reached for probes and metrics, and reach others at the ports of DNS and of the API server, whose address no policy can name. */
export function networkPolicy({ values, namespace }: Installation): KubernetesObject {
  const metadata = metadataOf("plimsoll", namespace);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata,
    spec: {
      podSelector: { matchLabels: metadata.labels },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ ports: [{ protocol: "TCP", port }] }],
      egress: [
        {
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
            ...values.networkPolicy.apiServerPorts.map((port) => ({ protocol: "TCP", port })),
          ],
        },
      ],
    },
  } as KubernetesObject;
}
