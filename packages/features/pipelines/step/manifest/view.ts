import { kindText } from "@plimsoll/api";
import type { TryView } from "../kind.ts";
import { annotations, labels } from "../labels.ts";
import { numberOf } from "../number.ts";
import type { StepObject } from "./stored.ts";

/** What is kept of an object; undefined for one that no run has made: its controller says that, and not a label that can be copied. */
export function viewObject(object: StepObject): TryView | undefined {
  const { managedFields: _, ...metadata } = object.metadata;
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
    // Until its step has judged it.
    state: { phase: "active", placed: true, began: true },
    kind: kindText(object),
    object: { ...object, metadata },
    mayStay: notes[annotations.keep] !== undefined,
    deleting: metadata.deletionTimestamp !== undefined,
  };
}
