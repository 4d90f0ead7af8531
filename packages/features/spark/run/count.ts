import { once } from "node:events";
import type { SparkApplication } from "@plimsoll/api";
import { tellStates } from "../metrics.ts";
import type { SparkRuntime } from "../permissions.ts";

/** Counts applications, which the Spark operator runs, until the runtime's signal aborts; it need not be installed. */
export async function countApplications({ view, metrics, signal }: SparkRuntime): Promise<void> {
  const applications = view("sparkapplications.sparkoperator.k8s.io", {
    project: ({ status }: SparkApplication) => ({ state: status?.applicationState?.state ?? "" }),
    mayBeMissing: true,
  });
  tellStates(metrics, () => Array.from(applications.values(), ({ state }) => state));
  if (!signal.aborted) await once(signal, "abort");
}
