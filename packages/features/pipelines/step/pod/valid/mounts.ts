import type { Path, Problem } from "@plimsoll/api";
import { named, once, oneOf, required } from "./check.ts";
import { innerPath, withinPath } from "./names.ts";

/** A volume as a container sees it. */
export interface Mount {
  name?: string;
  mountPath?: string;
  subPath?: string;
  subPathExpr?: string;
  readOnly?: boolean;
  recursiveReadOnly?: string;
  mountPropagation?: string;
}

/** A volume that is a device to a container. */
export interface Device {
  name?: string;
  devicePath?: string;
}

/** What a container has of the pod's volumes. */
export interface Mounts {
  mounts: readonly Mount[];
  devices: readonly Device[];
  privileged: boolean;
}

/** What is wrong with what a container sees of the pod's volumes, which have these names. `claims`: those that are PersistentVolumeClaims. */
export function* mountProblems(
  { mounts, devices, privileged }: Mounts,
  volumes: ReadonlySet<string>,
  claims: ReadonlySet<string>,
  path: Path,
): Generator<Problem> {
  for (const [index, mount] of mounts.entries()) {
    const at = [...path, "volumeMounts", index];
    if (!volumes.has(mount.name ?? "")) yield { path: [...at, "name"], message: `there is no volume "${mount.name ?? ""}" in the pod` };
    yield* required(mount.mountPath, [...at, "mountPath"]);
    if (devices.some(({ devicePath }) => devicePath === mount.mountPath))
      yield { path: [...at, "mountPath"], message: "a device stands there already: mount it elsewhere" };
    if (devices.some(({ name }) => name === mount.name))
      yield { path: [...at, "name"], message: "is one of volumeDevices, too: take it out of one of them" };
    yield* detailProblems(mount, privileged, at);
  }
  yield* once(
    mounts.map(({ mountPath }) => mountPath),
    (index) => [...path, "volumeMounts", index, "mountPath"],
  );
  for (const [index, { name, devicePath }] of devices.entries()) {
    const at = [...path, "volumeDevices", index];
    if (!claims.has(name ?? ""))
      yield { path: [...at, "name"], message: `there is no volume "${name ?? ""}" of a PersistentVolumeClaim in the pod` };
    yield* required(devicePath, [...at, "devicePath"], withinPath);
  }
  for (const key of ["name", "devicePath"] as const)
    yield* once(
      devices.map((device) => device[key]),
      (index) => [...path, "volumeDevices", index, key],
    );
}

function* detailProblems(mount: Mount, privileged: boolean, at: Path): Generator<Problem> {
  const { subPath, subPathExpr, readOnly, recursiveReadOnly, mountPropagation } = mount;
  yield* named(subPath, innerPath, [...at, "subPath"]);
  yield* named(subPathExpr, innerPath, [...at, "subPathExpr"]);
  if (subPath && subPathExpr) yield { path: [...at, "subPathExpr"], message: "stands beside subPath: give one of them" };
  yield* oneOf(mountPropagation, ["None", "HostToContainer", "Bidirectional"], [...at, "mountPropagation"]);
  if (mountPropagation === "Bidirectional" && !privileged)
    yield {
      path: [...at, "mountPropagation"],
      message: "is Bidirectional, which takes a privileged container: give it HostToContainer or None",
    };
  yield* oneOf(recursiveReadOnly, ["Disabled", "IfPossible", "Enabled"], [...at, "recursiveReadOnly"]);
  if (recursiveReadOnly === undefined || recursiveReadOnly === "Disabled") return;
  if (readOnly !== true) yield { path: [...at, "recursiveReadOnly"], message: "goes with readOnly: give that, too" };
  if (mountPropagation !== undefined && mountPropagation !== "None")
    yield { path: [...at, "recursiveReadOnly"], message: "doesn't go with mountPropagation: take one of them out" };
}
