import type { Risk } from "./danger.ts";
import { sources } from "./sources.ts";

/** A risk that arises when one finding of each list is there together. */
export interface Combination extends Risk {
  all: readonly (readonly string[])[];
  /** Where one of the lists is found for names alone, the risk isn't there; otherwise it counts one severity less. */
  namesEnd?: true;
}

const pods = ["pods-create", "workloads-write"];

export const combinations: readonly Combination[] = [
  {
    id: "pods-and-token",
    severity: "critical",
    title: "creates pods and issues tokens",
    attack: "Finds the strongest ServiceAccount in reach and uses it, by a pod or by a token.",
    source: sources.tokens,
    narrow: "Split the two among two subjects; name the ServiceAccounts.",
    all: [pods, ["token-create"]],
  },
  {
    id: "token-secret",
    severity: "critical",
    title: "makes a token Secret and reads it",
    attack: "Makes a Secret of type service-account-token for any ServiceAccount in reach and reads the token out of it.",
    source: sources.tokenSecrets,
    narrow: "Grant either; name the Secrets that are read.",
    all: [["secrets-read"], ["secrets-create"]],
  },
  {
    id: "pods-and-secrets",
    severity: "high",
    title: "creates pods and reads Secrets",
    attack: "Carries every Secret in reach away, by a pod's network if not by its own.",
    source: sources.secrets,
    narrow: "Pods that mount Secrets need no right to read them.",
    all: [pods, ["secrets-read"]],
  },
  {
    id: "bind-any",
    severity: "critical",
    title: "writes bindings and may bind",
    attack: "Makes itself cluster-admin in one request.",
    source: sources.bind,
    narrow: "Name the roles that may be bound.",
    all: [["bindings-write"], ["bind"]],
    namesEnd: true,
  },
  {
    id: "escalate-any",
    severity: "critical",
    title: "writes roles and may escalate",
    attack: "Writes every right into a role that it holds.",
    source: sources.escalate,
    narrow: "Drop escalate.",
    all: [["roles-write"], ["escalate"]],
  },
  {
    id: "certificate-any",
    severity: "critical",
    title: "approves or signs certificates and may do so for signers",
    attack: "Has a client certificate issued for any user, which nobody can revoke.",
    source: sources.csr,
    narrow: "Name the signers.",
    all: [["csr-approve", "csr-sign"], ["signers"]],
    namesEnd: true,
  },
  {
    id: "pods-and-volumes",
    severity: "critical",
    title: "creates pods and PersistentVolumes",
    attack: "Mounts a node's file system through a claim, which Pod Security doesn't see, and takes over the node.",
    source: sources.volumes,
    narrow: "Let a StorageClass provision.",
    all: [pods, ["persistentvolumes-create"]],
  },
  {
    id: "pods-and-namespaces",
    severity: "critical",
    title: "creates pods and changes Namespaces",
    attack: "Takes the Pod Security label off and runs a privileged pod.",
    source: sources.namespaces,
    narrow: "Name the Namespaces.",
    all: [pods, ["namespaces-write"]],
  },
  {
    id: "pods-and-nodes",
    severity: "high",
    title: "creates or moves pods and writes nodes",
    attack: "Draws a powerful pod to a node that it holds and takes its token.",
    source: sources.nodes,
    narrow: "Name the nodes.",
    all: [
      [...pods, "pods-delete", "pods-exec"],
      ["nodes-write", "nodes-status"],
    ],
  },
  {
    id: "traceless",
    severity: "high",
    title: "runs code and deletes events",
    attack: "Acts and removes its traces.",
    source: "https://attack.mitre.org/techniques/T1070/",
    narrow: "Drop the deletion of events.",
    all: [[...pods, "pods-exec", "pods-ephemeralcontainers"], ["events-delete"]],
  },
];
