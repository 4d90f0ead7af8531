import { sizedPodOf, Sizing } from "@plimsoll/model/sizing";
import { config, sizingSettingsOf } from "../config.ts";
import { Ledger } from "../run/ledger.ts";

const hour = 60 * 60_000;
const gibi = 1024 ** 3;
const container = "c".repeat(63);
/** Amounts from the first bucket to the last. */
const amounts = Array.from({ length: 180 }, (_, index) => 1.08 ** index);

/**
 * What is known of a namespace's CronJobs of one container, as many as are asked for, when there is nothing that could be known beside: each has the
 * longest of names, amounts of all sizes, and pods that have ended and that run.
 */
export function fullLedger(namespace: string, count: number, now: number, basis: "usual" | "close"): Ledger {
  const ledger = new Ledger(new Sizing(sizingSettingsOf(config.parse({ recommender: { basis } }))));
  for (let index = 0; index < count; index += 1) {
    const workload = { apiVersion: "batch/v1", kind: "CronJob", namespace, name: `${index}-`.padEnd(52, "x") };
    for (const [tried, amount] of amounts.entries()) {
      const uid = `${index}-${tried}-`.padEnd(36, "0");
      const pod = sizedPodOf({
        metadata: { namespace, name: uid, uid },
        spec: { containers: [{ name: container, resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Ti" } } }] },
      });
      const at = now - (amounts.length - tried) * hour;
      // What is said twice is believed.
      for (const second of [0, 1_000])
        ledger
          .of(workload, container)
          .sample(pod, { container, at: at + second, cpu: 10 * amount, memory: (gibi / 100) * amount }, at + second);
      ledger.begin();
      if (tried < amounts.length - 50) ledger.of(workload, container).end();
      else ledger.count(workload, pod, () => false);
    }
  }
  return ledger;
}
