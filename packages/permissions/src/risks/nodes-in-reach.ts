import type { Finding, Reach } from "./finding.ts";

/** Risks by which somebody runs pods of his own choice; whoever holds everything in a namespace does. */
const makers = ["pods-create", "workloads-write", "pods-ephemeralcontainers"];

/** The id of the finding that somebody reaches the nodes. */
export const nodesInReach = "nodes-in-reach";

/** That pods of one's own choice may be privileged in reach, and hold the nodes that they run on. */
export function nodesReached(
  found: ReadonlyMap<string, Finding>,
  { namespace, privileged = [] }: Pick<Reach, "namespace" | "privileged">,
): Finding[] {
  const open = privileged.filter((one) => namespace === undefined || one === namespace);
  const ways = [...(namespace === undefined ? [] : ["everything"]), ...makers].flatMap((id) => found.get(id) ?? []);
  if (open.length === 0 || ways.length === 0) return [];
  return [
    {
      id: nodesInReach,
      severity: "critical",
      title: `reaches the nodes by privileged pods in ${open.join(", ")}`,
      attack: `Runs a privileged pod (${ways.map(({ id }) => id).join(", ")}), which holds its node, and with that the Secrets and tokens of all pods there.`,
      source: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#privileged",
      narrow: "Let the namespace enforce baseline or restricted; put what must be privileged into one where nobody else makes pods.",
      rules: [...new Set(ways.flatMap(({ rules }) => rules))].sort((a, b) => a - b),
    },
  ];
}
