import type { Factors } from "../support/pairwise.ts";

/** What the values may say, by subject; each level is a part of a values file. The namespaces must be there. */
export function factorsIn(namespaces: readonly string[]): Factors<object> {
  return {
    isolation: [{}, { isolation: "feature" }],
    features: [
      {},
      { features: { pipelines: { enabled: false }, schedules: { enabled: false } } },
      { features: { spark: { enabled: true, serviceAccounts: ["etl"], networkPolicy: false } } },
      { features: { spark: { enabled: true, crds: false, mode: "operator" } } },
      { features: { workloads: { enabled: true, namespaces: namespaces.slice(0, 1) } } },
      {
        features: {
          pipelines: { podQPS: 1.5, podBurst: 3, kinds: [{ apiVersion: "batch/v1", kind: "Job", resource: "jobs" }] },
          cleanup: { dryRun: false },
        },
      },
      {
        features: {
          schedules: {
            kinds: [
              { apiVersion: "batch/v1", kind: "Job", resource: "jobs" },
              { apiVersion: "v1", kind: "ConfigMap", resource: "configmaps", succeeded: "true", failed: "object.data.x == 'y'" },
            ],
          },
        },
      },
    ],
    namespaces: [{}, { namespaces: namespaces.slice(0, 1) }, { namespaces }],
    logLevel: [{}, { logLevel: "debug" }],
    leaderElection: [{}, { leaderElection: { lease: "123e4567", leaseDuration: "1m30s" } }],
    image: [
      {},
      { image: { repository: "localhost:5000/plimsoll", tag: "1.0", pullPolicy: "Always" } },
      { image: { tag: "1.0", digest: `sha256:${"0f".repeat(32)}`, pullPolicy: "Never" } },
    ],
    imagePullSecrets: [{}, { imagePullSecrets: [{ name: "registry" }, { name: "mirror" }] }],
    replicas: [{}, { replicas: 0 }, { replicas: 1 }, { replicas: null }],
    rbac: [{}, { rbac: { create: false } }, { rbac: { userRoles: false } }],
    serviceAccount: [
      {},
      { serviceAccount: { create: false, name: "ci.bot" } },
      { serviceAccount: { name: "1e3", annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/a", empty: "" } } },
    ],
    admissionPolicy: [{}, { admissionPolicy: { create: false } }],
    extensions: [
      {},
      {
        extensions: [
          { group: "ray.io", resources: ["rayclusters", "rayjobs"] },
          { group: "", resources: ["nodes"], verbs: ["get"] },
        ],
      },
    ],
    crds: [{}, { crds: { create: false } }],
    resources: [
      {},
      { resources: { requests: { cpu: 1, "ephemeral-storage": "1Gi" }, limits: { cpu: 1.5 } } },
      { resources: { limits: { memory: null } } },
    ],
    podDisruptionBudget: [{}, { podDisruptionBudget: { create: false } }],
    priorityClassName: [{}, { priorityClassName: "system-cluster-critical" }],
    nodeSelector: [{}, { nodeSelector: { "kubernetes.io/os": "linux", pool: "" } }],
    tolerations: [
      {},
      {
        tolerations: [
          { key: "batch", operator: "Exists" },
          { operator: "Exists", effect: "NoSchedule" },
        ],
      },
    ],
    affinity: [
      {},
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "cores", operator: "Gt", values: ["3"] }] }],
            },
          },
        },
      },
    ],
    topologySpreadConstraints: [
      {},
      {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", labelSelector: {} },
        ],
      },
    ],
    podAnnotations: [{}, { podAnnotations: { note: 'it\'s "so": {{ braces }}', "plimsoll.dev/config": "mine" } }],
    podLabels: [{}, { podLabels: { team: "", tier: "7", "app.kubernetes.io/name": "mine" } }],
    commonLabels: [{}, { commonLabels: { team: "data", "app.kubernetes.io/name": "mine", "plimsoll.dev/installation": "mine" } }],
    extraEnv: [
      {},
      {
        extraEnv: [
          { name: "HTTPS_PROXY", value: "http://proxy:3128" },
          { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
        ],
      },
    ],
    extraVolumes: [
      {},
      {
        extraVolumes: [{ name: "authority", secret: { secretName: "authority", defaultMode: 288 } }],
        extraVolumeMounts: [{ name: "authority", mountPath: "/etc/authority", readOnly: true }],
      },
    ],
    networkPolicy: [{}, { networkPolicy: { create: true } }, { networkPolicy: { create: true, apiServerPorts: [8443] } }],
    serviceMonitor: [
      {},
      { serviceMonitor: { create: true } },
      { serviceMonitor: { create: true, interval: "1m", labels: { release: "prometheus" } } },
    ],
    prometheusRule: [{}, { prometheusRule: { create: true } }, { prometheusRule: { create: true, labels: { release: "prometheus" } } }],
    dashboard: [{}, { dashboard: { create: true } }, { dashboard: { create: true, labels: { grafana_dashboard: null, team: "graphs" } } }],
  };
}
