// A process that watches pods for many readers: child.ts FOLDER READERS, where the shelf is. It prints its memory as JSON.
import { SharedWatches, type Source } from "@plimsoll/kube";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { usageOf } from "../process.ts";
import { FakeApi } from "../restart/fake-api.ts";
import { Shelf } from "../restart/shelf.ts";

const [folder = "", readers = "1"] = process.argv.slice(2);
const api = new FakeApi({ pods: new Shelf(join(folder, "pods")) });
const watches = new SharedWatches({ onError: (resource, error) => console.error(resource, error) });
// The fake gives pods, as they were written.
const source = api.client("pods") as unknown as Source<Pod>;
/** What features read of pods, as each reads something else. */
const projections: ((pod: Pod) => object)[] = [
  ({ metadata, spec }) => ({ name: metadata?.name, node: spec?.nodeName }),
  ({ metadata, status }) => ({ uid: metadata?.uid, phase: status?.phase }),
  ({ metadata }) => ({ namespace: metadata?.namespace, name: metadata?.name, labels: metadata?.labels }),
  ({ metadata, spec }) => ({ uid: metadata?.uid, requests: spec?.containers.map(({ resources }) => resources?.requests) }),
  ({ metadata }) => ({ owners: metadata?.ownerReferences?.map(({ uid }) => uid) }),
];
const views = Array.from({ length: Number(readers) }, (_, index) =>
  watches.view("pods", source, { project: (pod) => projections[index % projections.length]?.(pod as Pod) }),
);
const end = new AbortController();
const running = watches.run(end.signal);
await watches.synced();
await sleep(1_000);
globalThis.gc?.();
await sleep(1_000);
console.log(JSON.stringify({ ...usageOf(process.pid), objects: views.reduce((sum, { size }) => sum + size, 0), lists: api.requests.list }));
end.abort();
await running;
