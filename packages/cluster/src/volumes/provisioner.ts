import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { builtin, Cache, gate, isAlreadyExists, isNotFound, WorkQueue, type Transport } from "@plimsoll/kube";
import type { PersistentVolume, PersistentVolumeClaim } from "kubernetes-types/core/v1.d.ts";

export const provisioner = "plimsoll.dev/local";

const { declare, allow } = gate(builtin);

export const permissions = declare("volumes", [
  allow(["list", "watch"], "persistentvolumeclaims", "claims that want a volume"),
  allow(["list", "watch", "create", "delete"], "persistentvolumes", "a volume for each claim, and its end"),
]);

/** The annotation with which the controller-manager hands a claim to us. */
const handedTo = "volume.kubernetes.io/storage-provisioner";
const madeBy = "pv.kubernetes.io/provisioned-by";

export interface VolumesFolder {
  folder: string;
  /** The same folder's path on the node. */
  inNode: string;
}

/**
 * Makes a folder below `folder` and a PersistentVolume of type `local` for each claim of our StorageClass; unlike
 * hostPath's, its files get the group of a pod's fsGroup. A released volume is deleted with its folder.
 */
export async function provision(transport: Transport, { folder, inNode }: VolumesFolder, signal: AbortSignal): Promise<void> {
  const client = permissions.client(transport);
  const onError = (error: unknown) => console.error(String(error));
  const claims = new Cache(client("persistentvolumeclaims"), { project: (claim) => claim, onError });
  const volumes = new Cache(client("persistentvolumes"), { project: (volume) => volume, onError });
  const queue = new WorkQueue({ onError: (key, error) => console.error(`${key}: ${String(error)}`) });
  claims.on(({ object: { metadata } }) => queue.add(`claim/${metadata.namespace}/${metadata.name}`));
  volumes.on(({ object: { metadata } }) => queue.add(`volume/${metadata.name}`));

  async function reconcile(key: string): Promise<void> {
    const [kind, first = "", second = ""] = key.split("/");
    if (kind === "claim") await make(claims.get(first, second));
    else await unmake(volumes.get(undefined, first));
  }

  async function make(claim: PersistentVolumeClaim | undefined): Promise<void> {
    const uid = claim?.metadata?.uid;
    if (
      !claim ||
      !uid ||
      claim.spec?.volumeName ||
      claim.metadata?.deletionTimestamp ||
      claim.metadata?.annotations?.[handedTo] !== provisioner
    )
      return;
    const name = `pvc-${uid}`;
    await mkdir(join(folder, name), { recursive: true });
    await client("persistentvolumes")
      .create(volumeFor(claim, name, join(inNode, name)))
      .catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      });
    console.log(`${name} is for ${claim.metadata?.namespace}/${claim.metadata?.name}`);
  }

  async function unmake(volume: PersistentVolume | undefined): Promise<void> {
    const { name, annotations } = volume?.metadata ?? {};
    if (!name || volume?.spec?.local?.path !== join(inNode, name) || annotations?.[madeBy] !== provisioner) return;
    if (volume?.status?.phase !== "Released" || volume.spec?.persistentVolumeReclaimPolicy !== "Delete") return;
    await rm(join(folder, name), { recursive: true, force: true });
    await client("persistentvolumes")
      .delete({ name })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    console.log(`${name} is deleted`);
  }

  await Promise.all([claims.start(signal), volumes.start(signal), queue.run(4, reconcile, signal)]);
}

function volumeFor(claim: PersistentVolumeClaim, name: string, path: string): PersistentVolume {
  const { storageClassName, accessModes, resources } = claim.spec ?? {};
  const { namespace, name: claimName, uid } = claim.metadata ?? {};
  return {
    metadata: { name, annotations: { [madeBy]: provisioner } },
    spec: {
      local: { path },
      ...(storageClassName !== undefined && { storageClassName }),
      // One node: every mode is as good as another.
      ...(accessModes && { accessModes }),
      capacity: { storage: resources?.requests?.["storage"] ?? "1Gi" },
      persistentVolumeReclaimPolicy: "Delete",
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        ...(namespace && { namespace }),
        ...(claimName && { name: claimName }),
        ...(uid && { uid }),
      },
      // A local volume must name its nodes. There is one real node; a simulated node mounts nothing, and may have any.
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "Exists" }] }] } },
    },
  };
}
