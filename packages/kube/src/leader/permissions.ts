import { builtin } from "../client/builtin.ts";
import { gate } from "../client/gate.ts";
import type { Sender } from "../transport/api-request.ts";

const { declare, allow } = gate(builtin);
const leases = "leases.coordination.k8s.io";

/** What an election over one lease, of this name and in the controller's own namespace, may do. */
export function leaderPermissions(lease: string) {
  return declare("leader-election", [
    allow("create", leases, "to be the first holder of the lease; a POST has no name that RBAC could hold it to", { in: "own" }),
    allow(["list", "watch", "update"], leases, "to see who holds the lease, and to acquire, renew and release it", {
      in: "own",
      names: [lease],
    }),
  ]);
}

/** What a candidate for the lease does with it. */
export function leaseClient(sender: Sender, { namespace, name }: { namespace: string; name: string }) {
  return leaderPermissions(name).client(sender, { own: namespace })(leases);
}

export type LeaseClient = ReturnType<typeof leaseClient>;
