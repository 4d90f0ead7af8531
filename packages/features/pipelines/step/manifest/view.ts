import { kindText } from "@plimsoll/api";
import type { TryView } from "../kind.ts";
import { annotations } from "../labels.ts";
import { tryOfObject } from "../of-try.ts";
import type { StepObject } from "./stored.ts";

/** What is kept of an object; undefined for one that no run has made. */
export function viewObject(object: StepObject): TryView | undefined {
  const { managedFields: _, ...metadata } = object.metadata;
  const found = tryOfObject(metadata);
  return (
    found && {
      ...found,
      // Until its step has judged it.
      state: { phase: "active", placed: true, began: true },
      kind: kindText(object),
      object: { ...object, metadata },
      mayStay: metadata.annotations?.[annotations.keep] !== undefined,
    }
  );
}
