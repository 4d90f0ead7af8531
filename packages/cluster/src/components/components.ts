import type { Component, Setting } from "./component.ts";
import { apiServer, controlPlane } from "./control-plane.ts";
import { ClusterError } from "../failure.ts";
import { metricsServer } from "./metrics-server.ts";
import { realNode } from "./node.ts";

/** Every process of a cluster, in the order in which they start. */
export function componentsOf(setting: Setting): Component[] {
  return [...apiServer(setting), ...controlPlane(setting), ...realNode(setting), ...metricsServer(setting)];
}

/** @throws ClusterError when the cluster has no such component. */
export function componentOf(setting: Setting, name: string): Component {
  const components = componentsOf(setting);
  const found = components.find((component) => component.name === name);
  if (found !== undefined) return found;
  throw new ClusterError(
    `The cluster ${setting.state.name} has no component ${name}: it has ${components.map(({ name }) => name).join(", ")}.`,
    { exitCode: 2 },
  );
}
