import type { Path } from "../problems/path.ts";
import type { PodOptions } from "./pod.ts";
import type { Problem } from "../problems/problem.ts";
import type { Step } from "../step/step.ts";
import { reserved } from "./reserved.ts";
import type { VolumeMounts } from "./volume.ts";

/** Mounts of a step that would hide what is mounted there already. */
export function* pathProblems(mounts: VolumeMounts, hasWorkspace: boolean, at: Path): Generator<Problem> {
  for (const [index, { mountPath }] of mounts.entries()) {
    const path = mountPath.replace(/\/+$/, "") || "/";
    const taken =
      path === "/" ||
      path === reserved.outputsPath ||
      path === reserved.filesPath ||
      path.startsWith(`${reserved.filesPath}/`) ||
      (hasWorkspace && path === reserved.workspacePath);
    if (taken)
      yield {
        path: [...at, "volumeMounts", index, "mountPath"],
        message: `is "${mountPath}", where something stands already: mount it elsewhere`,
      };
  }
}

/** The kubelet doesn't start root where root is refused. */
export function* rootProblems({ securityContext: own, pod }: Step, { securityContext: shared }: PodOptions, at: Path): Generator<Problem> {
  const user = own?.runAsUser ?? shared?.runAsUser;
  const refused = own?.runAsNonRoot ?? shared?.runAsNonRoot ?? true;
  if (user !== 0 || !refused) return;
  const place = own?.runAsUser === 0 ? [] : pod?.securityContext ? ["pod"] : undefined;
  const path = place === undefined ? ["pod", "securityContext"] : [...at, ...place, "securityContext"];
  yield { path: [...path, "runAsUser"], message: "is 0, but root is refused: give runAsNonRoot: false beside it" };
}
