import type { Path } from "../problems/path.ts";

/** Fields of the public kind that aren't carried out, by their paths in the spec, each with the way out. */
const fields: Readonly<Record<string, string>> = {
  proxyUser: "run the application in a namespace, and as a ServiceAccount, of that user's",
  batchScheduler: "name the scheduler in driver.schedulerName and executor.schedulerName",
  batchSchedulerOptions: "give the queue as labels or annotations of driver and executor, and priorityClassName there",
  sparkUIOptions: "`plimsoll spark ui NAME` shows the UI; status.driverInfo.webUIAddress is for an Ingress of your own",
  driverIngressOptions: "make an Ingress of your own to the Service in status.driverInfo.webUIServiceName",
  failureRetries: "give restartPolicy.onFailureRetries",
  retryInterval: "give restartPolicy.onFailureRetryInterval",
  "driver.podName": "leave it out: the driver's name is in status.driverInfo.podName",
  "driver.hostNetwork": "leave it out, or give hostNetwork and dnsPolicy in driver.template.spec",
  "driver.template.metadata.name": "leave it out: the driver's name is in status.driverInfo.podName",
  "executor.template.metadata.name": "leave it out: Spark names executors by the application",
  "executor.hostNetwork": "leave it out, or give hostNetwork and dnsPolicy in executor.template.spec",
};

/** What to do instead of a field of the public kind that isn't carried out; undefined for any other. */
export function wayOut(path: Path): string | undefined {
  const name = path.join(".");
  return Object.hasOwn(fields, name) ? `isn't carried out by Plimsoll: ${fields[name] ?? ""}` : undefined;
}
