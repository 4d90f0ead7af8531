import { UsageError } from "../../failure.ts";
import { identityOfAccount, identityOfUser, type Identity } from "./access.ts";

/** Who is meant, with the namespace and name of a ServiceAccount. */
export interface Asker extends Identity {
  title: string;
  account?: { namespace: string; name: string };
}

/**
 * Reads `user:NAME`, `group:NAME`, `serviceaccount:NS/NAME`, `NS/NAME` or `system:serviceaccount:NS:NAME`. A user is also in
 * `system:authenticated`, and in the groups that are added, which only the one who logs them in knows. Throws a UsageError.
 */
export function parseSubject(text: string, more: readonly string[] = []): Asker {
  const [, user] = /^user:(.+)$/s.exec(text) ?? [];
  const [, group] = /^group:(.+)$/s.exec(text) ?? [];
  const [, namespace, name] =
    /^(?:serviceaccount:|sa:)?([^:/]+)\/([^:/]+)$/.exec(text) ?? /^(?:user:)?system:serviceaccount:([^:/]+):([^:/]+)$/.exec(text) ?? [];
  if (namespace !== undefined && name !== undefined) {
    const { groups, ...identity } = identityOfAccount(namespace, name);
    return { ...identity, groups: [...groups, ...more], title: `ServiceAccount ${namespace}/${name}`, account: { namespace, name } };
  }
  if (user !== undefined) return { user, groups: [...identityOfUser(user).groups, ...more], title: `User ${user}` };
  if (group !== undefined) return { groups: [group, ...more], title: `Group ${group}` };
  throw new UsageError(`${text}: is no subject: write user:NAME, group:NAME, or a ServiceAccount as serviceaccount:NAMESPACE/NAME`);
}
