import { reserved, type PodOptions } from "@plimsoll/api";
import type { PodSpec, Volume } from "kubernetes-types/core/v1.d.ts";
import type { Plan } from "../../../plan/plan.ts";
import { workspaceName } from "../../names.ts";
import { asKubernetes } from "../as-kubernetes.ts";
import type { Files } from "./files.ts";

/** The run's workspace, the step's files, and what the user gives. */
export function renderVolumes(
  run: { name: string },
  workspace: Plan["workspace"],
  { volumes = [] }: PodOptions,
  files: Files,
): Pick<PodSpec, "volumes"> {
  const all = [
    ...(workspace ? [{ name: reserved.workspace, persistentVolumeClaim: { claimName: workspaceName(run.name) } }] : []),
    ...files.volumes,
    ...asKubernetes<Volume[]>(volumes),
  ];
  return all.length > 0 ? { volumes: all } : {};
}
