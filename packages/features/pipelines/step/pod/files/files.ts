import { reserved } from "@plimsoll/api";
import type { DownwardAPIVolumeFile, EnvVar, Volume, VolumeMount } from "kubernetes-types/core/v1.d.ts";
import { annotations } from "../../labels.ts";
import { commandFor } from "./interpreter.ts";
import type { PodSource } from "./source.ts";

/** What reaches a step's container as files: its script and its item. They travel in the pod's annotations, so that no ConfigMap is needed. */
export interface Files {
  annotations: Record<string, string>;
  /** What the container runs, where there is a script. */
  command?: string[];
  env: EnvVar[];
  volumes: Volume[];
  mounts: VolumeMount[];
}

const scriptFile = "script";
const itemFile = "item.json";

export function renderFiles(script: string | undefined, item: PodSource["item"]): Files {
  const items = [
    ...(script === undefined ? [] : [fileOf(scriptFile, annotations.script, 0o555)]),
    ...(item === undefined ? [] : [fileOf(itemFile, annotations.item, 0o444)]),
  ];
  const isMounted = items.length > 0;
  return {
    annotations: {
      ...(script === undefined ? {} : { [annotations.script]: script }),
      ...(item === undefined ? {} : { [annotations.item]: JSON.stringify(item.value ?? null) }),
    },
    ...(script === undefined ? {} : { command: commandFor(script, `${reserved.filesPath}/${scriptFile}`) }),
    env: item === undefined ? [] : [{ name: `${reserved.env}ITEM`, value: `${reserved.filesPath}/${itemFile}` }],
    volumes: isMounted ? [{ name: reserved.files, projected: { sources: [{ downwardAPI: { items } }] } }] : [],
    mounts: isMounted ? [{ name: reserved.files, mountPath: reserved.filesPath, readOnly: true }] : [],
  };
}

function fileOf(path: string, annotation: string, mode: number): DownwardAPIVolumeFile {
  return { path, mode, fieldRef: { fieldPath: `metadata.annotations['${annotation}']` } };
}
