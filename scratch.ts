import { prepare, startController } from "./scripts/local-controller.ts";
const folder = "/root/.local/state/plimsoll/clusters/sched";
const kubeconfig = await prepare({ kubeconfig: folder + "/kubeconfig", folder });
const c = await startController({ kubeconfig, folder });
console.log(c.pid, c.log);
await c.ended;
