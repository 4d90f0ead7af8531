import { crds } from "@plimsoll/api";
import { up, type AuditLog } from "@plimsoll/cluster";
import { only, prepare, startController } from "../../scripts/local-controller.ts";
import { place, type Place } from "./cluster.ts";

/** A cluster with two simulated nodes, whose controller has some features and no others. */
export interface OwnCluster {
  kubeconfig: string;
  audit: AuditLog;
  /** As whom the controller asks. */
  account: string;
  place: () => Promise<Place>;
  close: () => Promise<void>;
}

/** Starts one; `features` are those of its controller, each with what its configuration says. `more`: kinds beside Plimsoll's own. */
export async function ownCluster(
  name: string,
  features: Record<string, Record<string, unknown>>,
  more: ReturnType<typeof crds> = [],
): Promise<OwnCluster> {
  const cluster = await up({ name: `${name}-${process.pid}`, kubelet: false, simulatedNodes: 2, audit: true });
  const { audit, kubeconfig, folder } = cluster;
  if (audit === undefined) throw new Error("the cluster has no audit log");
  const config = { features: only(features) };
  const installed = { features: Object.keys(features), config: features, crds: [...crds(), ...more] };
  const controller = await startController({ kubeconfig: await prepare(cluster, installed), folder, config });
  return {
    kubeconfig,
    audit,
    account: "system:serviceaccount:plimsoll-system:plimsoll",
    place: () => place(kubeconfig),
    close: async () => {
      await controller.stop();
      await cluster.down();
    },
  };
}
