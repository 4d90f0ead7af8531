import type { PipelineSpec } from "@plimsoll/api";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policySite, type PolicySite } from "./support/policy-site.ts";

const kinds = ["pipelines", "pipelineruns", "pipelineschedules", "backfills"];
const verbs = ["get", "create", "update", "patch", "delete"];
const ofKinds = { apiGroups: ["plimsoll.dev"], resources: kinds, verbs };
const ofSpark = { apiGroups: ["sparkoperator.k8s.io"], resources: ["sparkapplications", "scheduledsparkapplications"], verbs };
const ofPods = { apiGroups: [""], resources: ["pods"], verbs: ["create"] };
const ofAccounts = (verb: string, ...names: string[]) => ({
  apiGroups: [""],
  resources: ["serviceaccounts"],
  verbs: [verb],
  ...(names.length > 0 && { resourceNames: names }),
});

/** Users, by what they may do. */
const users = {
  writer: [ofKinds, ofSpark],
  runner: [ofKinds, ofSpark, ofPods],
  deployer: [ofKinds, ofSpark, ofPods, ofAccounts("use", "deploy")],
  impersonator: [ofKinds, ofPods, ofAccounts("impersonate")],
  jobber: [ofKinds, ofPods, { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"] }],
  maker: [ofKinds, ofPods, { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "delete"] }, ofAccounts("use", "deploy")],
  anyone: [
    ofKinds,
    ofSpark,
    ofPods,
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "delete"] },
    ofAccounts("use", "deploy"),
  ],
  "plimsoll-bot": [ofKinds],
};
type User = keyof typeof users;

let site: PolicySite<User>;
const user = (name: User) => site.user(name);

/** An answer that says something. */
const told = (code: number, text: string): object => ({ code, message: expect.stringContaining(text) as string });

const steps = (...accounts: (string | undefined)[]): PipelineSpec => ({
  steps: accounts.map((serviceAccountName, index) => ({
    name: `s${index}`,
    image: "busybox",
    command: ["true"],
    ...(serviceAccountName === undefined ? {} : { pod: { serviceAccountName } }),
  })),
});
const objects = (pipeline: PipelineSpec): [kind: string, spec: object][] => [
  ["Pipeline", pipeline],
  ["PipelineRun", { pipeline }],
  ["PipelineSchedule", { interval: "1h", template: { spec: { pipeline } } }],
];
const range = { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };
const backfill: [kind: string, spec: object] = ["Backfill", { schedule: "s", ...range }];

const jobs = { apiVersion: "batch/v1", kind: "Job", resource: "jobs" };
const madeKinds = [jobs, { apiVersion: "sparkoperator.k8s.io/v1beta2", kind: "SparkApplication", resource: "sparkapplications" }];

beforeAll(async () => {
  site = await policySite(users, {
    serviceAccount: { name: "plimsoll-bot" },
    features: { schedules: { kinds: [jobs] }, spark: { enabled: true }, pipelines: { kinds: madeKinds } },
  });
});
afterAll(() => site.close());

/** A Spark application, and a schedule of it, whose drivers run as the default, or as another. */
const spark = (serviceAccount?: string): [kind: string, spec: object][] => {
  const driver = serviceAccount === undefined ? {} : { serviceAccount };
  const application = { type: "Python", sparkVersion: "4.3.0", image: "spark", mainApplicationFile: "local:///a.py", driver, executor: {} };
  return [
    ["SparkApplication", application],
    ["ScheduledSparkApplication", { schedule: "@daily", template: application }],
  ];
};

test.each(spark("deploy"))("a %s whose driver runs as a ServiceAccount is refused to who may not use it", async (kind, spec) => {
  expect(await user("runner").create(kind, "as-another", spec)).toMatchObject(told(403, 'may not use ServiceAccount "deploy"'));
  expect(await user("deployer").create(kind, "as-another", spec)).toMatchObject({ code: 200 });
});

test.each([...objects(steps(undefined)), backfill, ...spark()])(
  "a %s is refused to who may not create pods, and taken from who may",
  async (kind, spec) => {
    expect(await user("writer").create(kind, "refused", spec)).toMatchObject(
      told(403, `may not create pods in namespace "${site.namespace}", which a ${kind} comes to`),
    );
    expect(await user("runner").create(kind, "taken", spec)).toMatchObject({ code: 200 });
  },
);

test.each(objects(steps(undefined, "deploy")))(
  "a %s that names a ServiceAccount is taken from who may use it alone",
  async (kind, spec) => {
    expect(await user("runner").create(kind, "named", spec)).toMatchObject(told(403, 'may not use ServiceAccount "deploy"'));
    expect(await user("deployer").create(kind, "named", spec)).toMatchObject({ code: 200 });
    expect(await user("impersonator").create(kind, "named-again", spec)).toMatchObject({ code: 200 });
  },
);

const listing = (...serviceAccountNames: string[]): [kind: string, spec: object][] => [
  ["PipelineRun", { pipelineRef: { name: "p" }, serviceAccountNames }],
  ["PipelineSchedule", { interval: "1h", template: { spec: { pipelineRef: { name: "p" }, serviceAccountNames } } }],
  ["Backfill", { schedule: "s", ...range, serviceAccountNames }],
];

test.each(listing("deploy"))(
  "a %s that lists a ServiceAccount of what it names is taken from who may use that alone",
  async (kind, spec) => {
    expect(await user("runner").create(kind, "listed", spec)).toMatchObject(told(403, 'may not use ServiceAccount "deploy"'));
    expect(await user("deployer").create(kind, "listed", spec)).toMatchObject({ code: 200 });
    expect(await user("impersonator").create(kind, "listed-again", spec)).toMatchObject({ code: 200 });
    expect(await user("plimsoll-bot").create(kind, "listed-by-controller", spec)).toMatchObject({ code: 200 });
  },
);

test.each(listing("deploy", "admin"))("each ServiceAccount that a %s lists counts", async (kind, spec) => {
  expect(await user("deployer").create(kind, "listed-more", spec)).toMatchObject(told(403, 'may not use ServiceAccount "admin"'));
});

test.each(listing(...Array.from({ length: 9 }, (_, index) => `a${index}`)))("a %s that lists nine is refused", async (kind, spec) => {
  expect(await user("impersonator").create(kind, "listed-nine", spec)).toMatchObject({ code: 422 });
});

test("what a run or a backfill lists stays, and what is added to a schedule's list later is checked", async () => {
  for (const [kind, spec] of listing("deploy")) expect(await user("deployer").create(kind, "fixed", spec)).toMatchObject({ code: 200 });
  const more = { serviceAccountNames: ["deploy", "admin"] };
  for (const plural of ["pipelineruns", "backfills"]) {
    expect(await user("impersonator").patch(plural, "fixed", { spec: more })).toMatchObject(told(422, "serviceAccountNames can't change"));
    // Who cancels or resumes what runs as others must be allowed that, too.
    expect(await user("runner").patch(plural, "fixed", { spec: { cancel: true } })).toMatchObject({ code: 403 });
  }
  const template = { spec: { pipelineRef: { name: "p" }, ...more } };
  expect(await user("deployer").patch("pipelineschedules", "fixed", { spec: { template } })).toMatchObject({ code: 403 });
  expect(await user("impersonator").patch("pipelineschedules", "fixed", { spec: { template } })).toMatchObject({ code: 200 });
});

test("a run with a pipeline of its own has no list beside it", async () => {
  const spec = { pipeline: steps("deploy"), serviceAccountNames: ["deploy"] };
  expect(await user("deployer").create("PipelineRun", "both", spec)).toMatchObject(told(422, "serviceAccountNames goes with pipelineRef"));
});

test.each<[string, PipelineSpec]>([
  ["of the whole pipeline", { ...steps(undefined), pod: { serviceAccountName: "admin" } }],
  ["of one step of many", steps("deploy", "deploy", undefined, "admin", "deploy")],
  ["of a step of finally", { ...steps("deploy"), finally: steps("admin").steps.map((step) => ({ ...step, name: "last" })) }],
])("the ServiceAccount %s counts", async (_, pipeline) => {
  for (const [kind, spec] of objects(pipeline))
    expect(await user("deployer").create(kind, "more", spec)).toMatchObject(told(403, 'may not use ServiceAccount "admin"'));
});

test("eight ServiceAccounts are checked one by one, and nine are too many", async () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `a${index}`);
  expect(await user("impersonator").create("PipelineRun", "eight", { pipeline: steps(...names(8)) })).toMatchObject({ code: 200 });
  expect(await user("deployer").create("PipelineRun", "eight-not", { pipeline: steps("deploy", ...names(7)) })).toMatchObject({
    code: 403,
  });
  expect(await user("impersonator").create("PipelineRun", "nine", { pipeline: steps(...names(9)) })).toMatchObject(
    told(422, "names more than 8 ServiceAccounts"),
  );
});

test("the largest pipeline that there may be is checked, too", async () => {
  const pipeline = steps(...Array.from({ length: 1500 }, (_, index) => (index % 2 === 0 ? "deploy" : undefined)));
  expect(await user("deployer").create("PipelineRun", "large", { pipeline })).toMatchObject({ code: 200 });
  expect(await user("runner").create("PipelineRun", "large-not", { pipeline })).toMatchObject({ code: 403 });
});

const jobWith = (spec: unknown): object => ({ name: "a", manifest: { apiVersion: "batch/v1", kind: "Job", spec } });
const scheduledSpec = (spec: object): [kind: string, spec: object][] => [["PipelineSchedule", { interval: "1h", template: { spec } }]];
const inPipelines = (...steps: object[]): [kind: string, spec: object][] => objects({ steps } as PipelineSpec);

test.each([
  ...[
    [],
    { template: [] },
    { template: { spec: [] } },
    { template: { spec: { serviceAccountName: 5 } } },
    { driver: { serviceAccount: {} } },
  ]
    .flatMap((spec) => inPipelines(jobWith(spec)))
    .map(([kind, spec]) => ["step a", kind, spec] as const),
  ...inPipelines({ name: "a", spark: { driver: [] } }).map(([kind, spec]) => ["step a", kind, spec] as const),
  ...[{ pipeline: { steps: [{ name: ["a"], pod: [] }] } }, { pipeline: { steps: [{ name: "a", manifest: [] }] } }].flatMap((spec) =>
    scheduledSpec(spec).map(([kind, spec]) => ["step", kind, spec] as const),
  ),
  ...[
    { serviceAccountNames: 5 },
    { serviceAccountNames: ["a", 5] },
    { template: [] },
    { serviceAccountName: 5 },
    { pipeline: { pod: { serviceAccountName: {} } } },
  ].flatMap((spec) => scheduledSpec(spec).map(([kind, spec]) => ["spec.template.spec", kind, spec] as const)),
])("where no ServiceAccount can be read in %s of a %s, that is said: %j", async (where, kind, spec) => {
  const { code, message } = await user("anyone").create(kind, "odd", spec);
  expect([code, message]).toEqual([422, expect.stringMatching(new RegExp(`${where}.*the name of a ServiceAccount must be a text`))]);
});

test.each([
  ...[undefined, null, "${{ params.x }}", { template: { spec: { serviceAccountName: null } } }].flatMap((spec) =>
    inPipelines(jobWith(spec)),
  ),
  ...[{ pipeline: [] }, { pipeline: { steps: {} } }, { pipeline: { steps: [[], 5] } }, { manifestKinds: 5 }].flatMap(scheduledSpec),
])("what names no ServiceAccount is left to others: a %s with %j", async (kind, spec) => {
  expect(await user("anyone").create(kind, `none-${randomUUID()}`, spec)).toMatchObject({ code: 200 });
  // Nobody is told of an expression of the policy.
  expect((await user("runner").create(kind, "none-either", spec)).message).not.toContain("expression");
});

test("the largest pipeline of steps that make objects is checked, too", async () => {
  const made = Array.from({ length: 1500 }, (_, index) => ({
    ...jobWith({ template: { spec: { serviceAccountName: "deploy" } } }),
    name: `s${index}`,
  }));
  for (const [kind, spec] of inPipelines(...made)) {
    expect(await user("maker").create(kind, "large-made", spec)).toMatchObject({ code: 200 });
    expect(await user("runner").create(kind, "large-made-not", spec)).toMatchObject({ code: 403 });
  }
});

test("a change of what runs is held to the same, and one of labels isn't", async () => {
  await user("deployer").create("Pipeline", "changed", steps(undefined));
  expect(await user("writer").patch("pipelines", "changed", { metadata: { labels: { team: "a" } } })).toMatchObject({ code: 200 });
  expect(await user("writer").patch("pipelines", "changed", { spec: { description: "mine" } })).toMatchObject({ code: 403 });
  expect(await user("runner").patch("pipelines", "changed", { spec: { pod: { serviceAccountName: "deploy" } } })).toMatchObject({
    code: 403,
  });
  expect(await user("deployer").patch("pipelines", "changed", { spec: { pod: { serviceAccountName: "deploy" } } })).toMatchObject({
    code: 200,
  });
});

test("the controller itself does what others have asked for, without these rights", async () => {
  expect(await user("plimsoll-bot").create("PipelineRun", "by-controller", { pipeline: steps("deploy") })).toMatchObject({ code: 200 });
});

test("a schedule of a configured kind is taken from who may create that alone, and the ServiceAccount of its pods counts", async () => {
  const scheduleOf = (spec: object, kind = jobs.kind): object => ({
    interval: "1h",
    template: { apiVersion: "batch/v1", kind, spec: { template: { spec } } },
  });
  expect(await user("runner").create("PipelineSchedule", "job", scheduleOf({}))).toMatchObject(
    told(403, "to schedule a Job takes create on jobs"),
  );
  expect(await user("jobber").create("PipelineSchedule", "job", scheduleOf({}))).toMatchObject({ code: 200 });
  expect(await user("jobber").create("PipelineSchedule", "job-as", scheduleOf({ serviceAccountName: "deploy" }))).toMatchObject(
    told(403, 'may not use ServiceAccount "deploy"'),
  );
  // The field's old name, which the API server reads as the new one.
  expect(await user("jobber").create("PipelineSchedule", "job-by", scheduleOf({ serviceAccount: "deploy" }))).toMatchObject(
    told(403, 'may not use ServiceAccount "deploy"'),
  );
  // Nobody is asked for the right to one that isn't listed, and it would start once it is.
  const unlisted = "is of a kind that schedules may not make here: features.schedules.kinds of the installation lists jobs.batch";
  expect(await user("runner").create("PipelineSchedule", "other", scheduleOf({}, "CronJob"))).toMatchObject(told(403, unlisted));
});

test("a backfill is cancelled and resumed by who may start it alone", async () => {
  expect(await user("runner").create("Backfill", "cancelled", backfill[1])).toMatchObject({ code: 200 });
  expect(await user("writer").patch("backfills", "cancelled", { spec: { cancel: true } })).toMatchObject({ code: 403 });
  expect(await user("runner").patch("backfills", "cancelled", { spec: { cancel: true } })).toMatchObject({ code: 200 });
});

describe("steps that make objects", () => {
  const job = (spec: object = {}): PipelineSpec => ({ steps: [{ name: "job", manifest: { apiVersion: "batch/v1", kind: "Job", spec } }] });
  const inFinally = (): PipelineSpec => ({ ...steps(undefined), finally: job().steps });
  const refused = (resource: string): object => ({
    code: 403,
    message: expect.stringContaining(
      `may not have ${resource} made in namespace "${site.namespace}": this takes create and delete on ${resource}`,
    ) as string,
  });
  const naming: [kind: string, spec: object][] = [
    ["PipelineRun", { pipelineRef: { name: "p" }, manifestKinds: ["batch/v1 Job"] }],
    ["PipelineSchedule", { interval: "1h", template: { spec: { pipelineRef: { name: "p" }, manifestKinds: ["batch/v1 Job"] } } }],
    ["Backfill", { ...backfill[1], manifestKinds: ["batch/v1 Job"] }],
  ];

  test.each([...objects(job()), ...objects(inFinally()), ...naming].map(([kind, spec], index) => ({ kind, spec, name: `made-${index}` })))(
    "a $kind is taken from who may make and delete them, and refused to others: $name",
    async ({ kind, spec, name }) => {
      expect(await user("runner").create(kind, name, spec)).toMatchObject(refused("jobs.batch"));
      // Who may make them alone could have others' deleted.
      expect(await user("jobber").create(kind, name, spec)).toMatchObject(refused("jobs.batch"));
      expect(await user("maker").create(kind, name, spec)).toMatchObject({ code: 200 });
    },
  );

  test("what a schedule starts may make no kind that isn't listed: nobody is asked for the right to it, and it would be made once it is", async () => {
    const manifest = { apiVersion: "example.dev/v1", kind: "Thing", spec: {} };
    const pipeline: PipelineSpec = { steps: [{ name: "thing", manifest }] };
    const manifestKinds = ["example.dev/v1 Thing"];
    const unlisted = "holds a kind that steps may not make here: features.pipelines.kinds of the installation lists jobs.batch, sparkapp";
    for (const spec of [{ pipeline }, { pipelineRef: { name: "p" }, manifestKinds }])
      expect(await user("anyone").create("PipelineSchedule", "things", { interval: "1h", template: { spec } })).toMatchObject(
        told(403, unlisted),
      );
    expect(await user("anyone").create("Backfill", "things", { ...backfill[1], manifestKinds })).toMatchObject(told(403, unlisted));
    // A run of it fails by itself, and one that names it lists the kinds.
    expect(await user("anyone").create("Pipeline", "things", pipeline)).toMatchObject({ code: 200 });
  });

  test("a pipeline that comes to make some takes the rights then", async () => {
    expect(await user("runner").create("Pipeline", "later", steps(undefined))).toMatchObject({ code: 200 });
    expect(await user("runner").patch("pipelines", "later", { spec: job() })).toMatchObject(refused("jobs.batch"));
    expect(await user("maker").patch("pipelines", "later", { spec: job() })).toMatchObject({ code: 200 });
  });

  test("a step with spark takes the rights for applications, and for the ServiceAccount of its driver", async () => {
    const sums = (serviceAccount: string): PipelineSpec => ({
      steps: [{ name: "sum", spark: { type: "Python", driver: { serviceAccount } } }],
    });
    expect(await user("maker").create("PipelineRun", "sum", { pipeline: sums("deploy") })).toMatchObject(
      refused("sparkapplications.sparkoperator.k8s.io"),
    );
    const other = told(403, 'may not use ServiceAccount "admin"');
    expect(await user("deployer").create("PipelineRun", "sum", { pipeline: sums("admin") })).toMatchObject(other);
    expect(await user("deployer").create("PipelineRun", "sum", { pipeline: sums("deploy") })).toMatchObject({ code: 200 });
  });

  test("the ServiceAccount of a Job's pods takes the right to use it", async () => {
    const as = (serviceAccountName: string): PipelineSpec => job({ template: { spec: { serviceAccountName } } });
    const other = told(403, 'may not use ServiceAccount "admin"');
    expect(await user("maker").create("PipelineRun", "as-admin", { pipeline: as("admin") })).toMatchObject(other);
    expect(await user("maker").create("PipelineRun", "as-deploy", { pipeline: as("deploy") })).toMatchObject({ code: 200 });
  });

  test("the most steps that a pipeline may have are within what the API server lets a policy ask", async () => {
    const most = Array.from({ length: 5_000 }, (_, index) => ({ ...job().steps[0], name: `s${index}` }));
    expect(await user("maker").create("Pipeline", "most", { steps: most })).toMatchObject({ code: 200 });
  });
});
