import type { Change } from "../decide/change.ts";
import type { Rules, Situation, WorkloadDecision } from "../decide/situation.ts";
import type { Wanted } from "../decide/wanted.ts";
import type { ResizablePod } from "../observe/pod.ts";
import type { Template } from "../observe/template.ts";
import { podWith } from "./pod.ts";

export const mebi = 1024 ** 2;
export const minute = 60_000;
export const begun = Date.parse("2026-11-28T12:00:00Z");
export const rules: Rules = {
  mode: "in-place",
  minChange: 10,
  downOnly: false,
  respectBudgets: true,
  closed: undefined,
  settle: 5 * minute,
  watch: 60 * minute,
  progress: 10 * minute,
  hold: 24 * 60 * minute,
};
export const before = { requests: { cpu: "500m", memory: "256Mi" } };
export const after = { requests: { cpu: "100m", memory: "64Mi" } };
export const small = { requests: { cpu: 100, memory: 64 * mebi }, limits: {} };
export const large = { requests: { cpu: 500, memory: 256 * mebi }, limits: {} };
export const wanted: Wanted = { ...small, unlimited: [] };
export const key = "apps/Deployment/web//app";
export const change = (more: Partial<Change> = {}): Change => ({ key, at: begun, from: large, to: small, ...more });
export const template = (more: Partial<Template> = {}): Template => ({
  kind: "Deployment",
  namespace: "a",
  name: "web",
  uid: "1",
  createdAt: begun - 60 * minute,
  generation: 1,
  containers: [{ name: "app", ...large }],
  replacesPods: true,
  rollout: { state: "steady" },
  ...more,
});
export const situation = (pods: ResizablePod[], more: Partial<Situation> = {}): Situation => ({
  title: "Deployment/web",
  about: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
  pods,
  template: template(),
  advice: new Map([["app", { key, wanted }]]),
  changes: new Map(),
  budgets: [],
  refused: new Map(),
  ...more,
});
export const pod = (name: string, resources = before, more: Parameters<typeof podWith>[1] = {}) => podWith(resources, { name, ...more });
export const terminated = (exitCode: number, at: number, reason = "Error") => ({
  terminated: { exitCode, reason, finishedAt: new Date(at).toISOString() },
});
export const ended = (exitCode: number, at: number, reason?: string) => ({
  phase: "Running",
  qosClass: "Burstable",
  containerStatuses: [{ name: "app", lastState: terminated(exitCode, at, reason) } as never],
});
/** The pods that are resized. */
export const names = ({ resizes }: WorkloadDecision) => resizes.map(({ pod }) => pod.name);
