import * as z from "zod";
import { installationLabel } from "../roles.ts";
import { fieldManager } from "./complete.ts";
import type { ManagedFields } from "./live-object.ts";

/** `plimsoll`, and `kubectl apply --server-side` of a release's manifest. */
const makers = new Set([fieldManager, "kubectl"]);

const labelFields = z.object({ "f:metadata": z.object({ "f:labels": z.record(z.string(), z.unknown()) }) });

/** Whether an installation made an object that has its label: by applying it. Somebody's copy has the label otherwise, and is theirs. */
export function isMade({
  metadata: { managedFields = [] },
}: {
  metadata: { managedFields?: readonly ManagedFields[] | undefined };
}): boolean {
  return managedFields.some(({ manager = "", operation, fieldsV1 }) => {
    const { data } = labelFields.safeParse(fieldsV1);
    return operation === "Apply" && makers.has(manager) && Object.hasOwn(data?.["f:metadata"]["f:labels"] ?? {}, `f:${installationLabel}`);
  });
}
