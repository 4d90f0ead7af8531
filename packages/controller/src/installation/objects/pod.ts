import type { Installation } from "../installation.ts";
import type { Values } from "../values/values.ts";

/** Where the controller serves probes and metrics. */
export const port = 8080;

/** What is the same in every pod of ours; it meets the Pod Security Standard `restricted`. */
export function podSpec(account: string, values: Values, spec: { containers: object[]; volumes: object[]; affinity: object }): object {
  const { imagePullSecrets, priorityClassName, nodeSelector, tolerations, topologySpreadConstraints } = values;
  return {
    serviceAccountName: account,
    automountServiceAccountToken: true,
    ...(imagePullSecrets.length > 0 && { imagePullSecrets }),
    ...(priorityClassName !== "" && { priorityClassName }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      seccompProfile: { type: "RuntimeDefault" },
    },
    terminationGracePeriodSeconds: 30,
    ...spec,
    ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(tolerations.length > 0 && { tolerations }),
    ...(topologySpreadConstraints.length > 0 && { topologySpreadConstraints }),
  };
}

/** The controller's container. */
export function container({ values, version }: Installation): object {
  const probe = (path: string, periodSeconds: number, failureThreshold: number) => ({
    httpGet: { path, port: "http" },
    periodSeconds,
    failureThreshold,
    timeoutSeconds: 5,
  });
  const { extraEnv } = values;
  return {
    name: "controller",
    image: imageOf(values.image, version),
    imagePullPolicy: values.image.pullPolicy,
    args: ["--config", "/etc/plimsoll/plimsoll.yaml"],
    ...(extraEnv.length > 0 && { env: extraEnv }),
    ports: [{ name: "http", containerPort: port }],
    startupProbe: probe("/healthz", 1, 60),
    livenessProbe: probe("/healthz", 20, 3),
    readinessProbe: probe("/readyz", 2, 2),
    resources: values.resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [{ name: "config", mountPath: "/etc/plimsoll", readOnly: true }, ...values.extraVolumeMounts],
  };
}

function imageOf({ repository, tag, digest }: Values["image"], version: string): string {
  return digest === "" ? `${repository}:${tag === "" ? version : tag}` : `${repository}@${digest}`;
}
