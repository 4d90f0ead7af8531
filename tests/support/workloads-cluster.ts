import { up, type AuditLog } from "@plimsoll/cluster";
import { only, prepare, startController } from "../../scripts/local-controller.ts";
import { place, type Place } from "./cluster.ts";

/** A cluster with two simulated nodes, whose controller keeps workload sets and does nothing else. */
export interface WorkloadsCluster {
  kubeconfig: string;
  audit: AuditLog;
  /** As whom the controller asks. */
  account: string;
  place: () => Promise<Place>;
  close: () => Promise<void>;
}

/** Starts one; it works in all namespaces. */
export async function workloadsCluster(name: string): Promise<WorkloadsCluster> {
  const cluster = await up({ name: `${name}-${process.pid}`, kubelet: false, simulatedNodes: 2, audit: true });
  const { audit, kubeconfig, folder } = cluster;
  if (audit === undefined) throw new Error("the cluster has no audit log");
  const config = { features: only({ workloads: { namespaces: ["*"] } }) };
  const controller = await startController({ kubeconfig: await prepare(cluster, { features: ["workloads"] }), folder, config });
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
