import type { Random } from "../random.ts";

/** A user of the generated log; `share` is how often it asks compared with others. */
export interface LoggedUser {
  share: number;
  agent: string;
  /** As kube-apiserver logs it. */
  user: { username: string; uid?: string; groups: string[]; extra?: Record<string, string[]> };
  /** The annotation that tells why it may. */
  reason: string;
}

/** Whose role is inferred: a twentieth of the log. */
export const asked = "system:serviceaccount:plimsoll-system:plimsoll-controller";

const controllers = [
  "deployment-controller",
  "replicaset-controller",
  "job-controller",
  "cronjob-controller",
  "endpointslice-controller",
  "generic-garbage-collector",
  "namespace-controller",
  "node-controller",
  "persistent-volume-binder",
  "attachdetach-controller",
  "horizontal-pod-autoscaler",
  "daemon-set-controller",
  "statefulset-controller",
  "resourcequota-controller",
  "coredns",
];
const apps = [
  "argocd",
  "cert-manager",
  "external-dns",
  "ingress-nginx",
  "prometheus",
  "grafana",
  "karpenter",
  "kyverno",
  "spark-operator",
  "velero",
  "flux",
  "keda",
];

export function makeUsers(random: Random): LoggedUser[] {
  const account = (namespace: string, name: string, share: number, agent: string): LoggedUser => ({
    share,
    agent,
    user: {
      username: `system:serviceaccount:${namespace}:${name}`,
      uid: random.uuid(),
      groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
      extra: {
        "authentication.kubernetes.io/credential-id": [`JTI=${random.uuid()}`],
        "authentication.kubernetes.io/node-name": [node(random.below(300))],
        "authentication.kubernetes.io/pod-name": [`${name}-${random.hex(10)}-${random.hex(5)}`],
        "authentication.kubernetes.io/pod-uid": [random.uuid()],
      },
    },
    reason: `RBAC: allowed by ClusterRoleBinding "${name}" of ClusterRole "${name}" to ServiceAccount "${name}/${namespace}"`,
  });
  const plain = (username: string, groups: string[], share: number, agent: string, reason = ""): LoggedUser => ({
    share,
    agent,
    user: { username, groups: [...groups, "system:authenticated"] },
    reason,
  });
  return [
    account("plimsoll-system", "plimsoll-controller", 50, "plimsoll-controller/0.1.0 node/v26.10.0 (linux/amd64)"),
    ...controllers.map((name) =>
      account(
        "kube-system",
        name,
        12,
        `kube-controller-manager/v1.34.2 (linux/amd64) kubernetes/8cc511e/system:serviceaccount:kube-system:${name}`,
      ),
    ),
    ...apps.flatMap((name) =>
      ["controller", "webhook", "reporter"].map((part) =>
        account(name, `${name}-${part}`, 5, `${name}/v2.14.3 (linux/amd64) ${part}/$Format`),
      ),
    ),
    plain("system:apiserver", ["system:masters"], 60, "kube-apiserver/v1.34.2 (linux/amd64) kubernetes/8cc511e"),
    plain(
      "system:kube-scheduler",
      [],
      60,
      "kube-scheduler/v1.34.2 (linux/amd64) kubernetes/8cc511e/leader-election",
      'RBAC: allowed by ClusterRoleBinding "system:kube-scheduler" of ClusterRole "system:kube-scheduler" to User "system:kube-scheduler"',
    ),
    ...Array.from({ length: 300 }, (_, index) =>
      plain(`system:node:${node(index)}`, ["system:nodes"], 1, "kubelet/v1.34.2 (linux/amd64) kubernetes/8cc511e"),
    ),
    ...Array.from({ length: 30 }, (_, index) =>
      plain(
        `oidc:https://login.example.com/realms/dev#person${index}@example.com`,
        ["oidc:developers", "oidc:team-data"],
        2,
        "kubectl/v1.34.1 (darwin/arm64) kubernetes/93248f9",
        'RBAC: allowed by RoleBinding "developers/apps-1" of ClusterRole "edit" to Group "oidc:developers"',
      ),
    ),
  ];
}

function node(index: number): string {
  return `ip-10-0-${index >> 6}-${index % 64}.eu-central-1.compute.internal`;
}
