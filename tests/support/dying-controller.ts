// The controller of one feature, which kills itself as a crash would, right after the API server has carried out its LIMIT-th write.
// Arguments: --kubeconfig FILE --listen IGNORED NAMESPACE [LIMIT [FEATURE]]. It prints the number of its writes when it is ended.
import { features, Host } from "@plimsoll/controller";
import { Transport } from "@plimsoll/kube";
import { pino } from "pino";

const [, kubeconfig = "", , , namespace = "", limit = "0", name = "pipelines"] = process.argv.slice(2);
const feature = features.find((one) => one.name === name);
if (feature === undefined) throw new Error(`there is no feature ${name}`);
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
const running = host.run([{ feature, config: feature.config.parse({}) }], end.signal);
void host.synced().then(() => console.log("the caches are filled"));
await running;
console.log(`writes: ${writes}`);
await transport.close();
