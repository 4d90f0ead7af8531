import { loadTransport, type Transport } from "@plimsoll/kube";
import type { ClusterOptions } from "./cluster-options.ts";

/** Runs `work` with a connection to the cluster that the options name, and closes it afterwards. */
export async function opened<T>({ kubeconfig, context }: ClusterOptions, work: (transport: Transport) => Promise<T>): Promise<T> {
  const transport = loadTransport({ kubeconfig, context, userAgent: "plimsoll-cli" });
  try {
    return await work(transport);
  } finally {
    await transport.close();
  }
}
