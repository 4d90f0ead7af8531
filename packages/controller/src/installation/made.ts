import * as z from "zod";
import { installationLabel } from "../roles.ts";
import { fieldManager } from "./objects/complete.ts";
import type { ManagedFields } from "./live-object.ts";

/** `plimsoll`, and `kubectl apply --server-side` of a release's manifest. */
const makers = new Set([fieldManager, "kubectl"]);

const labelFields = z.object({ "f:metadata": z.object({ "f:labels": z.record(z.string(), z.unknown()) }) });

const kindLabel = "app.kubernetes.io/name";

/**
 * Whether `plimsoll install` defined a kind, and nobody else has a hand in it: kinds may be several programs', as Spark's are its operator's,
 * and stay where anybody has set anything of them, or has taken them over.
 */
export function isOursAlone({
  metadata: { managedFields = [], ownerReferences = [], annotations = {} },
}: {
  metadata: {
    managedFields?: readonly ManagedFields[] | undefined;
    ownerReferences?: readonly unknown[] | undefined;
    annotations?: Readonly<Record<string, string>> | undefined;
  };
}): boolean {
  // The API server itself says how a kind is, and what is still to be done for one that is being deleted.
  const hands = managedFields.filter(({ manager }) => manager !== "kube-apiserver");
  const isOwn = ({ manager, operation, fieldsV1 }: ManagedFields): boolean =>
    manager === fieldManager &&
    operation === "Apply" &&
    Object.hasOwn(labelFields.safeParse(fieldsV1).data?.["f:metadata"]["f:labels"] ?? {}, `f:${kindLabel}`);
  const isHelms = annotations["meta.helm.sh/release-name"] !== undefined;
  return hands.length > 0 && hands.every(isOwn) && ownerReferences.length === 0 && !isHelms;
}

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
