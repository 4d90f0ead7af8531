import type { PipelineSpec } from "@plimsoll/api";

/** Pipelines with nearly every field that there is, all of which Kubernetes takes. */
export const seeds: readonly PipelineSpec[] = [
  {
    params: [{ name: "grid", type: "array", default: [1, 2] }],
    pod: {
      labels: { team: "a", "example.com/stage": "b" },
      annotations: { "example.com/note": "any text" },
      nodeSelector: { "kubernetes.io/arch": "amd64" },
      tolerations: [
        { key: "gpu", operator: "Exists", effect: "NoSchedule" },
        { key: "spot", operator: "Equal", value: "yes", effect: "NoExecute", tolerationSeconds: 60 },
      ],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a", "b"] }] }],
          },
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 5, preference: { matchExpressions: [{ key: "cores", operator: "Gt", values: ["8"] }] } },
          ],
        },
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { team: "a" } }, namespaces: ["other"] },
          ],
        },
      },
      topologySpreadConstraints: [
        {
          topologyKey: "zone",
          maxSkew: 1,
          whenUnsatisfiable: "DoNotSchedule",
          minDomains: 2,
          labelSelector: { matchLabels: { team: "a" } },
        },
      ],
      schedulerName: "default-scheduler",
      imagePullSecrets: [{ name: "registry" }],
      securityContext: { runAsUser: 1001, fsGroup: 1001, supplementalGroups: [5], fsGroupChangePolicy: "OnRootMismatch" },
      terminationGracePeriodSeconds: 20,
    },
    steps: [
      {
        name: "a",
        image: "busybox",
        forEach: "${{ params.grid }}",
        script: "echo ${{ item }}",
        env: [
          { name: "ONE", value: "1" },
          { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1m" } } },
          { name: "KEY", valueFrom: { secretKeyRef: { name: "secret", key: "key", optional: true } } },
        ],
        envFrom: [{ prefix: "C_", configMapRef: { name: "config", optional: true } }],
        resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "1", memory: "128Mi", "nvidia.com/gpu": 1 } },
      },
    ],
  },
  {
    workspace: { size: "1Gi", accessMode: "ReadWriteOnce" },
    pod: {
      serviceAccountName: "default",
      volumes: [
        { name: "scratch", emptyDir: { sizeLimit: "1Gi", medium: "Memory" } },
        { name: "config", configMap: { name: "config", items: [{ key: "a", path: "b/c", mode: 420 }], optional: true } },
        { name: "secret", secret: { secretName: "secret", defaultMode: 256, optional: true } },
        { name: "claim", persistentVolumeClaim: { claimName: "data", readOnly: true } },
        { name: "own", downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } },
        {
          name: "all",
          projected: {
            sources: [
              { secret: { name: "secret", optional: true } },
              { serviceAccountToken: { path: "token", audience: "vault", expirationSeconds: 3600 } },
            ],
          },
        },
        {
          name: "fast",
          ephemeral: {
            volumeClaimTemplate: {
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "fast" },
            },
          },
        },
        { name: "model", image: { reference: "registry.example.com/model:1", pullPolicy: "IfNotPresent" } },
        { name: "host", hostPath: { path: "/var/lib/data", type: "DirectoryOrCreate" } },
        { name: "share", nfs: { server: "files.example.com", path: "/export" } },
        { name: "driver", csi: { driver: "secrets-store.csi.k8s.io", readOnly: true } },
      ],
      dnsPolicy: "None",
      dnsConfig: { nameservers: ["10.0.0.10"], searches: ["example.com"], options: [{ name: "ndots", value: "2" }] },
      hostAliases: [{ ip: "10.1.2.3", hostnames: ["db", "db.example.com"] }],
    },
    steps: [
      {
        name: "b",
        image: "registry.example.com/team/image:1.2",
        command: ["sh", "-c"],
        args: ["true"],
        volumeMounts: [
          { name: "scratch", mountPath: "/scratch", subPath: "a/b" },
          { name: "config", mountPath: "/etc/config", readOnly: true, recursiveReadOnly: "Disabled" },
          { name: "workspace", mountPath: "/data" },
        ],
        securityContext: {
          runAsUser: 1002,
          readOnlyRootFilesystem: true,
          capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
          seccompProfile: { type: "Localhost", localhostProfile: "profiles/a.json" },
        },
        resources: { limits: { memory: "1Gi", "ephemeral-storage": "2Gi" } },
      },
    ],
  },
  {
    pod: {
      resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "one-gpu" }],
      initContainers: [
        {
          name: "proxy",
          image: "proxy:2",
          restartPolicy: "Always",
          ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
          startupProbe: { httpGet: { path: "/ready", port: "http", scheme: "HTTP" }, periodSeconds: 1, failureThreshold: 30 },
          livenessProbe: { exec: { command: ["true"] }, initialDelaySeconds: 3, successThreshold: 1 },
          readinessProbe: { tcpSocket: { port: 8080 }, timeoutSeconds: 2 },
          lifecycle: { preStop: { sleep: { seconds: 3 } } },
        },
        { name: "fetch", image: "busybox", command: ["true"], env: [{ name: "A", value: "b" }], resources: { requests: { cpu: "10m" } } },
      ],
      patch: {
        metadata: { labels: { more: "x" } },
        spec: {
          hostname: "worker",
          subdomain: "workers",
          shareProcessNamespace: true,
          securityContext: { sysctls: [{ name: "net.ipv4.tcp_syncookies", value: "1" }] },
          containers: [
            { name: "step", ports: [{ containerPort: 9000, name: "metrics" }], livenessProbe: { grpc: { port: 9000 } }, tty: true },
          ],
        },
      },
    },
    steps: [
      { name: "c", image: "busybox", script: "true", resources: { claims: [{ name: "gpu", request: "one" }], requests: { cpu: 1 } } },
    ],
  },
  {
    description: "Steps of every sort, and all that says when they run.",
    params: [
      { name: "name", type: "string", default: "a", description: "A text." },
      { name: "rows", type: "integer", default: 3 },
      { name: "rate", type: "number", default: 0.5 },
      { name: "full", type: "boolean", default: false },
      { name: "sizes", type: "array", default: [{ rows: 10 }, { rows: 20 }] },
      { name: "more", type: "object", default: { a: "b" } },
    ],
    timeout: "2h",
    failFast: true,
    keepPods: "onFailure",
    ttl: { succeeded: "1h", failed: "72h", cancelled: "10m" },
    steps: [
      {
        name: "map-one",
        image: "busybox:${{ params.name }}",
        imagePullPolicy: "Always",
        forEach: "${{ params.sizes }}",
        parallelism: 2,
        failFast: false,
        command: ["sh", "-c", "echo ${{ item.rows }}"],
        args: ["${{ string(itemIndex) }}"],
        if: "params.full || params.rows > 1",
        retry: {
          limit: 3,
          backoff: { initial: "5s", factor: 1.5, max: "1m" },
          reasons: [3, "64-78", "OOM", "Disruption"],
        },
        timeout: "10m",
        continueOnFailure: true,
        onNodeLost: "replace",
        onGracefulExit: "succeed",
        resources: { auto: { min: { memory: "64Mi", cpu: "20m" }, max: { memory: "1Gi", cpu: "2" }, key: "item.rows" } },
      },
      { name: "map-two", image: "busybox", forEach: ["a", { b: 1 }, 3], script: "#!/bin/sh\necho ${{ itemIndex }}\n" },
      { name: "reduce", image: "busybox", needs: ["map-*"], script: "echo ${{ size(steps['map-one'].outputs) }}" },
      {
        name: "train",
        needs: ["reduce", "map-one"],
        manifest: {
          apiVersion: "batch/v1",
          kind: "Job",
          spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "busybox" }] } } },
        },
        succeeded: "object.status.succeeded > 0",
        failed: "object.status.failed > 3",
        outputs: { pods: "object.status.succeeded" },
        keep: "onFailure",
        retry: { limit: 1, memoryFactor: 1 },
      },
    ],
    finally: [
      { name: "tell", image: "busybox", if: "run.outcome != 'Succeeded'", script: "echo ${{ run.name }}" },
      { name: "clean", image: "busybox", needs: ["tell"], script: "true", retry: { limit: 1, memoryFactor: 2 } },
    ],
  },
];
