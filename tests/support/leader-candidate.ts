// A candidate for the lease "election" that, while it holds it, counts in the ConfigMap "counts" under its own name, as fast as it can.
// Arguments: KUBECONFIG NAMESPACE IDENTITY DURATIONS (JSON). It prints what happens to it, a JSON object a line; SIGTERM has it release the lease,
// SIGUSR2 keeps its main thread busy for 50 s.
import { Elector, fenced, LostLeaseError, Transport } from "@plimsoll/kube";
import { setTimeout as sleep } from "node:timers/promises";

const [kubeconfig = "", namespace = "", identity = "", durations = "{}"] = process.argv.slice(2);
const tell = (event: string, more: object = {}): void => console.log(JSON.stringify({ event, at: Date.now(), ...more }));

const elector = new Elector({
  connection: { kubeconfig },
  namespace,
  lease: "election",
  identity,
  durations: JSON.parse(durations),
  onError: ({ message }) => tell("error", { message }),
});
const transport = Transport.fromKubeconfig(kubeconfig);
const sender = fenced(transport, elector.fence);
const end = new AbortController();

/** Until the program is to end, or may not write any more. */
async function count(): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/configmaps/counts`;
  const patch = { method: "PATCH", path, contentType: "application/merge-patch+json", idempotent: true } as const;
  for (let n = 1; !end.signal.aborted; n++) {
    await sender.request({ ...patch, body: { data: { [identity]: String(n) } } });
    if (n === 1) tell("wrote");
    await sleep(5);
  }
}

async function lead(): Promise<void> {
  await elector.elected;
  tell("elected", { leader: elector.leader });
  await count();
}

async function tellLoss(): Promise<void> {
  const { message } = await elector.lost;
  tell("lost", { message });
}

async function tellLeader(): Promise<void> {
  while (elector.leader === undefined) await sleep(10);
  tell("leader", { leader: elector.leader });
}

process.once("SIGTERM", () => end.abort());
process.on("SIGUSR2", () => {
  for (const end = Date.now() + 50_000; Date.now() < end;);
  elector.fence.check();
  tell("spun");
});

elector.start(new AbortController().signal);
void tellLeader();
const loss = tellLoss();
try {
  await lead();
  const asked = Date.now();
  await elector.release();
  tell("released", { asked });
} catch (error) {
  if (!(error instanceof LostLeaseError)) throw error;
  tell("fenced", { message: error.message });
  await loss;
}
await transport.close();
