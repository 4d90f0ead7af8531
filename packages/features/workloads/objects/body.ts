import { apiVersion } from "@plimsoll/api";
import { annotations, labels } from "../labels.ts";
import { digestOf } from "./digest.ts";
import type { WrittenObject } from "./written.ts";

/** The set that an object is applied for. */
export interface SetIdentity {
  namespace: string;
  name: string;
  uid: string;
  /** Whether its objects stay when it is deleted. */
  orphans: boolean;
}

/** A digest of what is applied for a set. */
export function appliedDigest(object: WrittenObject, { orphans }: SetIdentity): string {
  return digestOf([object, orphans]);
}

/** What an object's annotation says that was applied for a set. */
export function appliedText(uid: string, digest: string): string {
  return `${uid}.${digest}`;
}

/** What is sent to the API server: the object, and whose it is. */
export function bodyOf(object: WrittenObject, set: SetIdentity): object {
  const { metadata } = object;
  const owner = { apiVersion, kind: "WorkloadSet", name: set.name, uid: set.uid };
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [labels.set]: set.name },
      annotations: { ...metadata.annotations, [annotations.applied]: appliedText(set.uid, appliedDigest(object, set)) },
      ...(set.orphans ? {} : { ownerReferences: [owner] }),
    },
  };
}
