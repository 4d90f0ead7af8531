import type { InventoryEntry } from "@plimsoll/api";
import type { Health } from "../../health.ts";
import { annotations, labels } from "../labels.ts";
import { heldFields } from "./fields.ts";
import type { Desired } from "./desired.ts";
import type { Ref } from "./ref.ts";

/** What is kept of an object in the cluster. */
export interface Live extends Ref {
  namespace: string;
  uid: string;
  /** Its resourceVersion, which grows. */
  version: number;
  /** The set that its label names. */
  set: string;
  /** The set that applied it, by its UID, and what that applied: as its annotation says. */
  applied: string;
  /** A digest of the fields that the sets' manager holds. */
  fields: string | undefined;
  isDeleting: boolean;
  health: Health;
  /** The object itself, for kinds whose health the sets' own expressions tell. */
  object: object | undefined;
}

/** An object as the API server gives it, as far as it is read. */
export interface StoredObject {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  metadata: {
    name: string;
    namespace?: string | undefined;
    uid: string;
    resourceVersion: string;
    generation?: number | undefined;
    deletionTimestamp?: string | undefined;
    labels?: Readonly<Record<string, string>> | undefined;
    annotations?: Readonly<Record<string, string>> | undefined;
    managedFields?: unknown;
  };
}

/** How healthy an object of a kind is, and whether sets' own expressions may say otherwise. */
export interface Judging {
  healthOf: (object: object) => Health;
  isBuiltIn: boolean;
}

/** What is kept of an object of a kind; its own apiVersion and kind may be missing, as in a list. */
export function viewLive(stored: StoredObject, { apiVersion, kind }: Omit<Ref, "name">, { healthOf, isBuiltIn }: Judging): Live {
  const { managedFields, ...metadata } = stored.metadata;
  return {
    apiVersion,
    kind,
    name: metadata.name,
    namespace: metadata.namespace ?? "",
    uid: metadata.uid,
    version: Number(metadata.resourceVersion),
    set: metadata.labels?.[labels.set] ?? "",
    applied: metadata.annotations?.[annotations.applied] ?? "",
    fields: heldFields(managedFields),
    isDeleting: metadata.deletionTimestamp !== undefined,
    health: healthOf(stored),
    object: isBuiltIn ? undefined : { ...stored, metadata },
  };
}

/** Whether an object has come to its end, and isn't made again when it is gone. */
export function isOver({ health }: InventoryEntry, { ends }: Pick<Desired, "ends">): boolean {
  return health === "Succeeded" || (health === "Failed" && ends);
}
