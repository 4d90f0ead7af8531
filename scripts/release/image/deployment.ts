import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { ConfigMap } from "kubernetes-types/core/v1.d.ts";
import { stringify } from "yaml";

export interface DeploymentOptions {
  namespace: string;
  image: string;
  /** What the configuration file says. */
  config?: object;
}

/** The objects by which a cluster runs the controller from its image. The ServiceAccount and its roles are `install`'s. */
export function deploymentOf({ namespace, image, config = {} }: DeploymentOptions): { configMap: ConfigMap; deployment: Deployment } {
  const labels = { "app.kubernetes.io/name": "plimsoll" };
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, periodSeconds: 1, failureThreshold: 60 });
  const container = {
    name: "controller",
    image,
    imagePullPolicy: "IfNotPresent",
    args: ["--config", "/etc/plimsoll/plimsoll.yaml"],
    ports: [{ name: "http", containerPort: 8080 }],
    readinessProbe: probe("/readyz"),
    livenessProbe: probe("/healthz"),
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    volumeMounts: [{ name: "config", mountPath: "/etc/plimsoll", readOnly: true }],
  };
  const spec = {
    serviceAccountName: "plimsoll",
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container],
    volumes: [{ name: "config", configMap: { name: "plimsoll-controller" } }],
  };
  const metadata = { name: "plimsoll-controller", namespace, labels };
  const template = { metadata: { labels }, spec };
  return {
    configMap: { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "plimsoll.yaml": stringify(config) } },
    deployment: { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: 1, selector: { matchLabels: labels }, template } },
  };
}
