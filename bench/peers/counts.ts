import { atoms, type PolicyRule } from "@plimsoll/permissions";
import { risks } from "@plimsoll/permissions/risks";
import type { Account } from "./accounts.ts";

/** What an account holds. A grant is one verb on one resource; a wildcard counts as one, whatever it stands for. */
export interface Counts {
  rules: number;
  grants: number;
  /** Grants to do anything but get, list and watch. */
  writes: number;
  /** Of the grants, those that hold in every namespace. */
  cluster: number;
  /** Where Secrets can be read, of any name. */
  secrets: "everywhere" | "in its namespace" | "no";
  /** Ids of the critical and high risks. */
  risks: string[];
}

const reads = ["get", "list", "watch"];

/** Counts what an account holds, each grant once, in its namespace and in the cluster. */
export function countsOf({ cluster, namespace }: Account): Counts {
  const [wide, narrow] = [atoms(cluster), atoms(namespace)];
  const all = [...wide, ...narrow];
  const found = [...risks(cluster), ...risks(namespace, { namespace: "its-own" })];
  return {
    rules: cluster.length + namespace.length,
    grants: all.length,
    writes: all.filter(({ verb }) => !reads.includes(verb)).length,
    cluster: wide.length,
    secrets: readsSecrets(cluster) ? "everywhere" : readsSecrets(namespace) ? "in its namespace" : "no",
    risks: [...new Set(found.filter(({ severity }) => severity === "critical" || severity === "high").map(({ id }) => id))],
  };
}

function readsSecrets(rules: readonly PolicyRule[]): boolean {
  return atoms(rules).some(
    (atom) =>
      "resource" in atom &&
      atom.name === undefined &&
      [...reads, "*"].includes(atom.verb) &&
      ["", "*"].includes(atom.group) &&
      ["secrets", "*"].includes(atom.resource),
  );
}
