// The pipelines controller, which kills itself as a crash would, right after the API server has carried out its LIMIT-th write.
// Arguments: --kubeconfig FILE --listen IGNORED NAMESPACE [LIMIT]. It prints the number of its writes when it is ended.
import { permissions, PipelinesController } from "@plimsoll/features/pipelines";
import { FairLimiter, systemClock, Transport } from "@plimsoll/kube";

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
const controller = new PipelinesController({
  client: permissions.client(transport, { chosen: [namespace] }),
  clock: systemClock,
  limiter: new FairLimiter({ qps: 100, burst: 200 }),
  namespace,
  onError: (what, error) => console.error(what, error),
});
void controller.synced().then(() => console.log("the caches are filled"));
await controller.run(end.signal);
console.log(`writes: ${writes}`);
await transport.close();
