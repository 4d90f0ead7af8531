import type { Paths, State } from "../state.ts";

export const componentNames = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
  "provisioner",
  "containerd",
  "coredns",
  "kubelet",
  "kube-proxy",
  "metrics-server",
] as const;

export type ComponentName = (typeof componentNames)[number];

/** One process of a cluster. */
export interface Component {
  name: ComponentName;
  command: string;
  args: string[];
  env?: Record<string, string>;
  /** Default "/". */
  cwd?: string;
  /** Runs in the namespaces of the real node. */
  inNode?: boolean;
}

export interface Setting {
  state: State;
  paths: Paths;
}

/** `--flag=value` a key; a value of undefined leaves the flag out. */
export function flagsOf(flags: Record<string, string | number | boolean | undefined>): string[] {
  return Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}=${value}`]));
}
