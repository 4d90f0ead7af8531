// The pipelines controller, which kills itself as a crash would, right after the API server has carried out its LIMIT-th write.
// Arguments: --kubeconfig FILE --listen IGNORED NAMESPACE [LIMIT]. It prints the number of its writes when it is ended.
import { Host } from "@plimsoll/controller";
import { pipelines } from "@plimsoll/features/pipelines";
import { Transport } from "@plimsoll/kube";
import { pino } from "pino";

const [, kubeconfig = "", , , namespace = "", limit = "0"] = process.argv.slice(2);
let writes = 0;
const transport = Transport.fromKubeconfig(kubeconfig, {
  userAgent: "dying-controller",
  onResponse: ({ method, status }) => {
    if (method === "GET" || status >= 400) return;
    writes += 1;
    if (writes === Number(limit)) process.kill(process.pid, "SIGKILL");
  },
});
const end = new AbortController();
process.once("SIGTERM", () => end.abort());
const host = new Host({ sender: transport, namespaces: { chosen: [namespace] }, log: pino(pino.destination(2)) });
const running = host.run([{ feature: pipelines, config: pipelines.config.parse({}) }], end.signal);
void host.synced().then(() => console.log("the caches are filled"));
await running;
console.log(`writes: ${writes}`);
await transport.close();
