import { endWith, exitCode, UsageError } from "../../failure.ts";
import type { Bound } from "../subjects/access.ts";
import { roleOf } from "../risks/judged.ts";
import type { Account } from "../objects/cloud-identity.ts";
import type { PodKind } from "../objects/crd.ts";
import type { Served } from "../objects/served.ts";
import { loadAll } from "./rules.ts";
import type { ClusterOptions } from "../../connect/cluster-options.ts";

/** What files say of who may do what. */
export interface InFiles {
  bindings: Bound[];
  /** ServiceAccounts that are somebody in a cloud; of a cluster's, all. */
  accounts: Account[];
  /** Namespaces that let privileged pods in. */
  privileged: string[];
  /** What their CRDs define, or a cluster serves. */
  resources: Served[];
  /** Those of them whose objects have a pod in them. */
  podKinds: PodKind[];
}

/**
 * The bindings of files and the namespaces that let privileged pods in; cluster-wide bindings first, with the roles that they name: of the files too, or what every cluster has. A RoleBinding without a namespace is in the one
 * that is asked about, or in `default`, where kubectl puts it. What can't be read is told, and makes the exit code 2 in the end; a UsageError is thrown where nothing else is bound.
 */
export async function boundIn(sources: readonly string[], options: ClusterOptions): Promise<InFiles> {
  const { roles, bindings, accounts, privileged, resources, podKinds, problems } = await loadAll(sources, options);
  const told = problems.map(({ message }) => message).join("\n       ");
  if (problems.length > 0 && bindings.length === 0) throw new UsageError(told);
  if (problems.length > 0) {
    console.error(`error: ${told}`);
    endWith(exitCode.usage);
  }
  if (bindings.length === 0)
    throw new UsageError(`${sources.join(", ")}: ${sources.length === 1 ? "holds" : "hold"} no bindings: nobody is given anything`);
  const home = options.namespace ?? "default";
  const isWide = ({ kind }: { kind: string }): boolean => kind === "ClusterRoleBinding";
  const bound = [...bindings.filter(isWide), ...bindings.filter((binding) => !isWide(binding))].map((binding): Bound => {
    const { kind, name, subjects, role } = binding;
    const at = kind === "RoleBinding" ? { namespace: binding.namespace ?? home } : {};
    return {
      binding: { kind, name, ...at },
      role: { ...role, ...(role.kind === "Role" ? at : {}) },
      ...at,
      rules: roleOf(binding, roles)?.rules,
      subjects: subjects.map((subject) =>
        subject.kind === "ServiceAccount" && !subject.namespace ? { ...subject, namespace: at.namespace ?? home } : subject,
      ),
    };
  });
  return { bindings: bound, accounts, privileged, resources, podKinds };
}
