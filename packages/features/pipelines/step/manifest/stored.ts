import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";

/** An object of any kind, as far as steps read and write it. */
export interface StepObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  status?: unknown;
}
