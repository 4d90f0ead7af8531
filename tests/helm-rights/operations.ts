import type { HelmVersion } from "@plimsoll/cluster";

/** What a user does with a release. */
export interface Operation {
  name: string;
  /** After `helm`, before the chart's values. */
  args: (chart: string) => readonly string[];
  /** Values that change with it, and stay so. */
  set?: Readonly<Record<string, string>>;
  /** Undefined: both. */
  only?: HelmVersion;
  /** What is wanted is a rollout that can't succeed. */
  fails?: boolean;
}

export const release = "web";

const on =
  (...args: string[]) =>
  () =>
    args;
/** As many revisions are kept as there are, so that none is deleted but where that is what is looked at. */
const upgrade =
  (...more: string[]) =>
  (chart: string) => ["upgrade", release, chart, "--history-max", "0", ...more];
const stuck = { image: "busybox:5", node: "none", extra: "true" };

/** In the order in which one release can have them all done to it. */
export const operations: readonly Operation[] = [
  { name: "install", args: (chart) => ["install", release, chart] },
  { name: "status", args: on("status", release) },
  { name: "list", args: on("list") },
  { name: "history", args: on("history", release) },
  { name: "get all", args: on("get", "all", release) },
  { name: "upgrade, nothing changed", args: upgrade() },
  { name: "upgrade, another image", args: upgrade(), set: { image: "busybox:2" } },
  { name: "rollback, another image", args: on("rollback", release, "--history-max", "0") },
  { name: "upgrade, an object added", args: upgrade(), set: { image: "busybox:1", extra: "true" } },
  { name: "upgrade, an object dropped", args: upgrade(), set: { extra: "false" } },
  { name: "upgrade, other rules in the roles", args: upgrade(), set: { verb: "list" } },
  { name: "upgrade, another label on roles and bindings", args: upgrade(), set: { label: "2" } },
  { name: "upgrade --wait", args: upgrade("--wait"), set: { image: "busybox:3" } },
  { name: "upgrade --wait=legacy", args: upgrade("--wait=legacy"), set: { image: "busybox:4" }, only: 4 },
  { name: "upgrade --atomic, rolled back", args: upgrade("--atomic", "--timeout", "15s"), set: stuck, only: 3, fails: true },
  {
    name: "upgrade --rollback-on-failure, rolled back",
    args: upgrade("--rollback-on-failure", "--timeout", "15s"),
    set: stuck,
    only: 4,
    fails: true,
  },
  {
    name: "upgrade, as many revisions as --history-max",
    args: (chart) => ["upgrade", release, chart, "--history-max", "10"],
    set: { node: "kwok", extra: "false" },
  },
  { name: "uninstall", args: on("uninstall", release) },
];

/** @throws TypeError when there is no such operation. */
export function operationOf(name: string): Operation {
  const found = operations.find((one) => one.name === name);
  if (found === undefined) throw new TypeError(`there is no operation ${name}`);
  return found;
}
