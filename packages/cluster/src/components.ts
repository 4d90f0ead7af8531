import type { Component, Setting } from "./component.ts";
import { apiServer, controlPlane } from "./control-plane.ts";
import { realNode } from "./node.ts";

/** Every process of a cluster, in the order in which they start. */
export function componentsOf(setting: Setting): Component[] {
  return [...apiServer(setting), ...controlPlane(setting), ...realNode(setting)];
}
