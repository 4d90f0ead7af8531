// A feature's controller, which kills itself as a crash would, right after the API server has carried out its LIMIT-th write.
// Arguments: --kubeconfig FILE --listen IGNORED [NAMESPACE] [LIMIT] [FEATURE] [ITS CONFIGURATION]. It prints the number of its writes when it is ended.
import { features, Host } from "@plimsoll/controller";
import { Transport } from "@plimsoll/kube";
import { pino } from "pino";

const [, kubeconfig = "", , , namespace = "", limit = "0", name = "pipelines", config = "{}"] = process.argv.slice(2);
const feature = features.find((feature) => feature.name === name);
if (feature === undefined) throw new Error(`there is no feature ${name}`);
let writes = 0;
const transport = Transport.fromKubeconfig(kubeconfig, {
  userAgent: "dying-controller",
  onResponse: ({ method, path, status }) => {
    // What is only told changes nothing.
    if (method === "GET" || status >= 400 || path.includes("/events")) return;
    writes += 1;
    if (writes === Number(limit)) process.kill(process.pid, "SIGKILL");
  },
});
const end = new AbortController();
process.once("SIGTERM", () => end.abort());
const namespaces = namespace === "" ? {} : { chosen: [namespace] };
const host = new Host({ sender: transport, namespaces, log: pino(pino.destination(2)) });
const running = host.run([{ feature, config: feature.config.parse(JSON.parse(config)) }], end.signal);
void host.synced().then(() => console.log("the caches are filled"));
await running;
console.log(`writes: ${writes}`);
await transport.close();
