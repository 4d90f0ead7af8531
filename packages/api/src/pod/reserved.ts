/** The names in a pod that are Plimsoll's own. */
export const reserved = {
  /** Labels and annotations that begin so say whose the pod is. */
  domain: "plimsoll.dev/",
  /** The container that runs what a step says. */
  container: "step",
  /** The run's shared volume, which other mounts may name; and the volume with a step's script and item. */
  workspace: "workspace",
  files: "plimsoll",
  /** Where these are mounted. */
  workspacePath: "/workspace",
  filesPath: "/plimsoll",
  /** Where the container writes its outputs. */
  outputsPath: "/dev/termination-log",
  /** Environment variables that begin so. */
  env: "PLIMSOLL_",
} as const;
