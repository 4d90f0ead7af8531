import { crds, sparkCrds } from "@plimsoll/api";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { idleObjects } from "./support/workloads.ts";
import { policySite, resourceOf, type PolicySite } from "./support/policy-site.ts";

const users = { viewer: "view", editor: "edit", owner: "admin", stranger: [] };

let site: PolicySite<keyof typeof users>;
beforeAll(async () => {
  site = await policySite(users, { features: { spark: { enabled: true } } });
  // What aggregates to Kubernetes' own roles is taken up by a controller.
  const none = {
    view: () => site.user("viewer").get("backfills", "none"),
    edit: () => site.user("editor").delete("backfills", "none"),
    admin: () => site.user("owner").delete("backfills", "none"),
  };
  for (const [role, ask] of Object.entries(none))
    for (const deadline = Date.now() + 120_000; ; await sleep(500)) {
      const { code } = await ask();
      if (code === 404) break;
      if (Date.now() > deadline) throw new Error(`after 120 s, who has ${role} is answered ${code} for a backfill that isn't there`);
    }
});
afterAll(() => site.close());

const pipeline = { pod: { serviceAccountName: "deploy" }, steps: [{ name: "a", image: "busybox", command: ["true"] }] };
const listed = { serviceAccountNames: ["deploy"] };
const spark = { type: "Python", sparkVersion: "4.3.0", image: "spark", mainApplicationFile: "local:///main.py", driver: {}, executor: {} };
const specs: Record<string, object> = {
  Pipeline: pipeline,
  PipelineRun: { pipeline },
  PipelineSchedule: { interval: "1h", suspend: true, template: { spec: { pipeline } } },
  Backfill: { schedule: "s", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", ...listed },
  RightSizingPolicy: { selector: { matchLabels: { app: "web" } } },
  WorkloadSet: { manifests: Object.values(idleObjects("x")) },
  SparkApplication: spark,
  ScheduledSparkApplication: { schedule: "@daily", template: spark },
};

test("each kind of a namespace is among them", () => {
  expect(Object.keys(specs).sort()).toEqual(
    [...crds(), ...sparkCrds()]
      .filter(({ spec }) => spec.scope === "Namespaced")
      .map(({ spec }) => spec.names.kind)
      .sort(),
  );
});

const named = { pipelineRef: { name: "p" }, ...listed };
const all: [kind: string, spec: object][] = [
  ...Object.entries(specs),
  ["PipelineRun", named],
  ["PipelineSchedule", { interval: "1h", suspend: true, template: { spec: named } }],
];

test.each(all)("a %s is written by who has edit or admin, read by who has view, and neither by a stranger", async (kind, spec) => {
  const plural = resourceOf(kind);
  const [viewer, editor] = [site.user("viewer"), site.user("editor")];
  const [owner, stranger] = [site.user("owner"), site.user("stranger")];
  expect(await editor.create(kind, "edited", spec)).toMatchObject({ code: 200 });
  expect(await owner.create(kind, "owned", spec)).toMatchObject({ code: 200 });
  expect(await viewer.get(plural, "edited")).toMatchObject({ code: 200 });
  expect(await stranger.get(plural, "edited")).toMatchObject({ code: 403 });
  const change = { metadata: { labels: { team: "a" } } };
  for (const [user, name] of [
    [viewer, "viewed"],
    [stranger, "strange"],
  ] as const) {
    expect(await user.create(kind, name, spec)).toMatchObject({ code: 403 });
    expect(await user.patch(plural, "edited", change)).toMatchObject({ code: 403 });
    expect(await user.delete(plural, "edited")).toMatchObject({ code: 403 });
  }
  expect(await editor.patch(plural, "edited", change)).toMatchObject({ code: 200 });
  // What the controller writes is no user's matter.
  expect(await editor.patch(plural, "edited/status", { status: {} })).toMatchObject({ code: 403 });
  for (const name of ["edited", "owned"]) expect(await owner.delete(plural, name)).toMatchObject({ code: 200 });
});
