import type { Summary } from "../load.ts";

/** The commands of `plimsoll permissions`, in the order of its help: which then needs to load none of them. */
export const summaries = {
  render: {
    arguments: "",
    description: "the ServiceAccounts, roles and bindings that Plimsoll's features need, each rule with its feature and reason",
  },
  explain: { arguments: "<subject...>", description: "why a feature holds its grants, and how each was proved to be needed" },
  compare: {
    arguments: "<roles>",
    description: "each grant of another's roles: which of Plimsoll's features has it and why, or why none does",
  },
  allows: {
    arguments: "",
    description: "whether rules grant a request, by which rule, and which further checks the API server may make for it",
  },
  covers: {
    arguments: "",
    description:
      "what a servant's rules grant beyond an owner's: who holds the owner's may write the servant's role only if that is nothing",
  },
  diff: {
    arguments: "<a> <b>",
    description: "what A grants and B doesn't (-), and what B grants and A doesn't (+), whatever way the rules are written",
  },
  compact: { arguments: "<source>", description: "the same roles with as few rules as grant exactly the same" },
  risks: {
    arguments: "[source...]",
    description: "dangerous grants in roles, worst first: what an attacker does with each, and how to narrow it",
  },
  infer: { arguments: "", description: "the least ClusterRole and Roles for what a user did according to kube-apiserver's audit logs" },
  "who-can": { arguments: "<verb> <resource|path> [name]", description: "who may do it in the cluster, by which binding and role" },
  matrix: {
    arguments: "[resource...]",
    description: "who may do what in a namespace: subjects by resources, or with --for one subject's verbs by resources",
  },
  graph: {
    arguments: "",
    description: "who reaches which risks through which roles, and through which ServiceAccounts; -n: by what is bound in that namespace",
  },
  whoami: {
    arguments: "",
    description:
      "who the cluster takes you for, with your groups, and what you may do in a namespace; takes no rights but those that everybody has",
  },
  "what-can": {
    arguments: "<subject>",
    description: "what somebody may do in the cluster, by which binding and role; -n: in that namespace",
  },
} as const satisfies Record<string, Summary>;
