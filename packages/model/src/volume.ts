import type { PersistentVolume, PersistentVolumeClaim } from "kubernetes-types/core/v1.d.ts";
import { valueOf } from "./amounts/quantity.ts";

/** What is kept of a PersistentVolumeClaim. */
export interface ClaimView {
  namespace: string;
  name: string;
  /** Its StorageClass; empty: none. */
  class: string;
  phase: string;
  /** Bytes that were asked for. */
  requested: number;
  /** Bytes that it has; 0 until it is bound. */
  capacity: number;
  /** The PersistentVolume that it is bound to; empty: none. */
  volume: string;
}

/** What is kept of a PersistentVolume. */
export interface VolumeView {
  name: string;
  class: string;
  phase: string;
  /** Bytes. */
  capacity: number;
  /** Who has claimed it, as in `NAMESPACE/NAME`; empty: nobody. */
  claim: string;
}

/** How features see PersistentVolumeClaims. */
export const claimView = {
  project: ({ metadata = {}, spec = {}, status = {} }: PersistentVolumeClaim): ClaimView => ({
    namespace: metadata.namespace ?? "",
    name: metadata.name ?? "",
    class: spec.storageClassName ?? "",
    phase: status.phase ?? "Pending",
    requested: valueOf(spec.resources?.requests?.["storage"] ?? 0),
    capacity: valueOf(status.capacity?.["storage"] ?? 0),
    volume: spec.volumeName ?? "",
  }),
};

/** How features see PersistentVolumes. */
export const volumeView = {
  project: ({ metadata = {}, spec = {}, status = {} }: PersistentVolume): VolumeView => ({
    name: metadata.name ?? "",
    class: spec.storageClassName ?? "",
    phase: status.phase ?? "Pending",
    capacity: valueOf(spec.capacity?.["storage"] ?? 0),
    claim: spec.claimRef === undefined ? "" : `${spec.claimRef.namespace}/${spec.claimRef.name}`,
  }),
};
