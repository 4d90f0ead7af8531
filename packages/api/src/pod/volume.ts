import * as z from "zod";
import { closest } from "../elsewhere/closest.ts";
import { crd, labelPattern } from "../schema/field.ts";
import { repeated, withProblems } from "../problems/with-problems.ts";
import { reserved } from "./reserved.ts";

const name = z
  .string()
  .min(1)
  .max(63)
  .regex(labelPattern, "must be lower-case letters, digits and dashes, and begin and end with a letter or a digit");

/** Kinds of volumes, those first that are still made. */
const kinds =
  "configMap csi downwardAPI emptyDir ephemeral fc hostPath image iscsi nfs persistentVolumeClaim projected secret awsElasticBlockStore azureDisk azureFile cephfs cinder flexVolume flocker gcePersistentDisk gitRepo glusterfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume".split(
    " ",
  );

const volume = withProblems(z.looseObject({ name }), function* ({ name, ...source }) {
  if (name === reserved.workspace || name === reserved.files)
    yield { path: ["name"], message: `is "${name}", as a volume of Plimsoll's is named: give it another name` };
  const given = Object.keys(source).filter((kind) => source[kind] !== undefined);
  if (given.length === 0) yield { path: [], message: "says not what it holds: give one of secret, configMap, emptyDir and the like" };
  const [first, ...more] = given.filter((kind) => kinds.includes(kind));
  for (const kind of more) yield { path: [kind], message: `stands beside ${first}: a volume holds one thing, so take one of them out` };
  for (const kind of given) {
    if (!kinds.includes(kind)) yield { path: [kind], message: `there is no such kind of volume${closest(kind, kinds)}` };
    else if (typeof source[kind] !== "object" || source[kind] === null)
      yield { path: [kind], message: `must be a map, as in ${kind}: ${kind === "secret" ? "{secretName: NAME}" : "{}"}` };
  }
});

export const volumes = withProblems(z.array(volume.meta(crd({ preserve: true }))).max(100), (volumes) =>
  repeated(volumes, "name"),
).describe(
  "Volumes that containers can mount, as Kubernetes has them: a name, and one of secret, configMap, emptyDir, persistentVolumeClaim, ephemeral, csi, image, projected, downwardAPI and others.",
);

const mount = z.strictObject({
  name: z.string().min(1).max(63),
  mountPath: z
    .string()
    .min(1)
    .max(4096)
    .regex(/^\/[^:]*$/, "must be an absolute path without a colon, as in /data"),
  subPath: z.string().max(4096).optional(),
  subPathExpr: z.string().max(4096).optional(),
  readOnly: z.boolean().optional(),
  recursiveReadOnly: z.enum(["Disabled", "IfPossible", "Enabled"]).optional(),
  mountPropagation: z.enum(["None", "HostToContainer", "Bidirectional"]).optional(),
});

export const volumeMounts = withProblems(z.array(mount.meta(crd({ preserve: true }))).max(100), (mounts) =>
  repeated(mounts, "mountPath"),
).describe(
  "Which of the pod's volumes the container sees, and where: name, mountPath, readOnly, subPath and others of Kubernetes. The run's workspace is named `workspace`.",
);

export type VolumeMounts = z.infer<typeof volumeMounts>;
