import { Transport } from "@plimsoll/kube";
import { prepare, startController } from "../../scripts/local-controller.ts";
import { startCompiled } from "../controller.ts";
import { report } from "../table.ts";
import { userAgent, withTestbed } from "../testbed.ts";
import { atOnce } from "./at-once.ts";
import { atRest } from "./at-rest.ts";
import { permissions } from "./load.ts";

/** Many schedules that aren't due for long, and many that are at the same time. */
export async function schedulesBench(): Promise<void> {
  const rows = await withTestbed({ name: "schedules", rates: "raised" }, async ({ cluster, audit, client, apiServerPid }) => {
    const controller = await startCompiled({ prepare, startController }, cluster);
    const transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent });
    try {
      const own = permissions.client(transport);
      const rest = await atRest(client, own, controller.pid);
      const etcd = cluster.pid("etcd");
      if (etcd === undefined) throw new Error("the cluster has no etcd");
      const processes = { "the API server": apiServerPid, etcd, "the controller": controller.pid };
      return [...(await atOnce({ audit, client, transport, own, processes })), ...rest];
    } finally {
      await transport.close();
      await controller.stop();
    }
  });
  report("schedules", rows);
}
