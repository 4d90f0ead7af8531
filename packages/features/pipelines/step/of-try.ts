import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import type { TryView } from "./kind.ts";
import { annotations, labels } from "./labels.ts";
import { numberOf } from "./number.ts";

/** The try that an object is of, whatever its kind; undefined for one that no run has made: its controller says that, and not a label that can be copied. */
export function tryOfObject(metadata: ObjectMeta = {}): Omit<TryView, "state"> | undefined {
  const { namespace = "", name = "", uid = "", ownerReferences = [], labels: own = {}, annotations: notes = {} } = metadata;
  const owner = ownerReferences.find(({ controller }) => controller);
  const [step, number] = [own[labels.step], numberOf(own[labels.try])];
  if (owner?.kind !== "PipelineRun" || step === undefined || number === undefined) return undefined;
  const record = notes[annotations.record];
  return {
    namespace,
    name,
    uid,
    run: owner.name,
    runUid: owner.uid,
    step,
    item: numberOf(own[labels.item]) ?? 0,
    try: number,
    createdAt: String(metadata.creationTimestamp ?? ""),
    ...(record === undefined ? {} : { record }),
    deleting: metadata.deletionTimestamp !== undefined,
  };
}
