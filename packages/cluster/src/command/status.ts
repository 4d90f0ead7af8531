import type { ComponentName, Setting } from "../components/component.ts";
import { componentsOf } from "../components/components.ts";
import { ClusterError } from "../failure.ts";
import { tail } from "../lifecycle.ts";
import { runningPid } from "../host/process.ts";
import { pathsOf, readState } from "../state.ts";

interface ComponentStatus {
  name: ComponentName;
  running: boolean;
  pid?: number;
  log: string;
  /** Of a component that should run and does not: the last lines of its log. */
  tail?: string;
}

export interface ClusterStatus {
  name: string;
  /** Whether every component runs. */
  up: boolean;
  kubeconfig: string;
  folder: string;
  realNode: boolean;
  simulatedNodes: number;
  audit: boolean;
  components: ComponentStatus[];
}

/** A cluster that was started before. @throws ClusterError when there is none of that name. */
export function settingOf(name: string): Setting {
  const state = readState(name);
  if (state === undefined)
    throw new ClusterError(
      `There is no cluster ${name}. Start it with: plimsoll cluster up${name === "plimsoll" ? "" : ` --name ${name}`}`,
    );
  return { state, paths: pathsOf(name) };
}

/** @throws ClusterError when there is no such cluster. */
export function status(name: string): ClusterStatus {
  const setting = settingOf(name);
  const { state, paths } = setting;
  const components = componentsOf(setting).map(({ name }): ComponentStatus => {
    const { pidFile, log } = paths.files(name);
    const pid = runningPid(pidFile);
    return pid === undefined ? { name, running: false, log, tail: tail(log, 10) } : { name, running: true, pid, log };
  });
  return {
    name,
    up: components.every(({ running }) => running),
    kubeconfig: paths.kubeconfig,
    folder: paths.folder,
    realNode: state.slot !== undefined,
    simulatedNodes: state.simulatedNodes,
    audit: state.audit,
    components,
  };
}
