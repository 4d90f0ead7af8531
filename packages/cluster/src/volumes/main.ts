// The component "provisioner": main.ts KUBECONFIG FOLDER FOLDER-IN-NODE
import { Transport } from "@plimsoll/kube";
import { provision } from "./provisioner.ts";

const [kubeconfig = "", folder = "", inNode = ""] = process.argv.slice(2);
const ending = new AbortController();
process.on("SIGTERM", () => ending.abort());

const transport = Transport.fromKubeconfig(kubeconfig, { userAgent: "plimsoll-provisioner" });
await provision(transport, { folder, inNode }, ending.signal).catch((error: unknown) => {
  if (!ending.signal.aborted) throw error;
});
await transport.close();
