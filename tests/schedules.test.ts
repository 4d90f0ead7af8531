import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test, vi } from "vitest";
import { commandsIn, file, plimsoll, type Commands } from "./support/cli.ts";
import { place, simulated, type Place } from "./support/cluster.ts";

let own: Place;
let inNamespace: Commands;
beforeAll(async () => {
  own = await place();
  inNamespace = commandsIn(own.namespace);
});

const schedule = (name: string, spec: object, more: object = {}): string =>
  JSON.stringify({
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineSchedule",
    metadata: { name },
    spec: {
      ...spec,
      template: {
        metadata: { labels: { day: "d${{ schedule.date }}" } },
        spec: {
          params: { time: "${{ schedule.time }}", hours: "${{ int(timestamp(schedule.time).getHours('Europe/Zurich')) }}" },
          pipeline: {
            pod: simulated,
            params: [{ name: "time" }, { name: "hours", type: "integer" }],
            steps: [{ name: "greet", image: "busybox", command: ["echo", "${{ params.time }}"] }],
          },
        },
      },
      ...more,
    },
  });

async function create(name: string, spec: object): Promise<void> {
  const { client, namespace } = own;
  const object = JSON.parse(schedule(name, spec)) as Parameters<ReturnType<typeof client<"pipelineschedules.plimsoll.dev">>["create"]>[0];
  await client("pipelineschedules.plimsoll.dev").create({ ...object, metadata: { name, namespace } });
}

const runsOf = async (schedule: string) => {
  const { client, namespace } = own;
  return Array.fromAsync(client("pipelineruns.plimsoll.dev").list({ namespace, labelSelector: `plimsoll.dev/schedule=${schedule}` }));
};

test("a schedule that is due runs with its time as a parameter, says so, keeps what it is to keep, and goes with its runs", async () => {
  const { client, namespace } = own;
  await create("often", { interval: "2s", history: { succeeded: 2 } });
  await vi.waitFor(
    async () => {
      const { status } = await client("pipelineschedules.plimsoll.dev").get({ namespace, name: "often" });
      expect(status?.lastSuccess).toBeDefined();
      expect(status?.next).toHaveLength(3);
    },
    { timeout: 120_000, interval: 500 },
  );
  const seen = new Set<string>();
  await vi.waitFor(
    async () => {
      for (const { metadata } of await runsOf("often")) seen.add(metadata.name);
      // Two that have ended are kept.
      expect(seen.size).toBeGreaterThan(4);
    },
    { timeout: 120_000, interval: 500 },
  );
  const [run] = await runsOf("often");
  const time = run?.metadata.annotations?.["plimsoll.dev/scheduled-time"] ?? "";
  expect(run?.spec.params).toEqual({
    time,
    hours: Number(new Intl.DateTimeFormat("en", { hour: "numeric", hourCycle: "h23", timeZone: "Europe/Zurich" }).format(Date.parse(time))),
  });
  expect(run?.metadata.labels?.["day"]).toBe(`d${time.slice(0, 10)}`);
  const told = await Array.fromAsync(client("events.events.k8s.io").list({ namespace }));
  expect(told.some(({ reason, regarding }) => reason === "Started" && regarding?.name === "often")).toBe(true);
  expect((await inNamespace("schedules", "suspend", "often")).stdout).toBe('schedule "often" is suspended\n');
  await vi.waitFor(
    async () => {
      const runs = await runsOf("often");
      expect(runs.every(({ status }) => status?.finishedAt !== undefined)).toBe(true);
      expect(runs).toHaveLength(2);
    },
    { timeout: 120_000, interval: 500 },
  );
  expect((await inNamespace("schedules")).stdout).toMatch(/^NAME +WHEN .*\n(.*\n)*often +every 2s +UTC +Suspended +0 /);
  await client("pipelineschedules.plimsoll.dev").delete({ namespace, name: "often" });
  await vi.waitFor(async () => expect(await runsOf("often")).toEqual([]), { timeout: 240_000, interval: 500 });
});

test("a schedule that can't be carried out says which field is wrong, and runs once that is mended", async () => {
  const { client, namespace } = own;
  await create("wrong", { cron: ["0 25 * * *"] });
  const condition = async () => {
    const { status } = await client("pipelineschedules.plimsoll.dev").get({ namespace, name: "wrong" });
    return status?.conditions?.find(({ type }) => type === "Valid");
  };
  await vi.waitFor(
    async () =>
      expect(await condition()).toMatchObject({
        status: "False",
        message: expect.stringContaining('spec.cron[0]: "0 25 * * *": the hour'),
      }),
    { timeout: 120_000 },
  );
  await client("pipelineschedules.plimsoll.dev").patch({ namespace, name: "wrong" }, { spec: { cron: ["0 23 * * *"] } });
  await vi.waitFor(async () => expect(await condition()).toMatchObject({ status: "True" }), { timeout: 120_000 });
});

test("a run by hand is for its time, and is none of the schedule's own", async () => {
  const { client, namespace } = own;
  await create("hand", { cron: ["0 3 1 1 *"] });
  const run = await inNamespace("schedules", "run", "hand", "--time", "2026-07-01T04:00:00Z", "--watch");
  expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^pipelinerun\.plimsoll\.dev\/hand-\w{5} created\n$/) });
  expect((await runsOf("hand")).map(({ spec }) => spec.params)).toEqual([{ time: "2026-07-01T04:00:00Z", hours: 6 }]);
  const { status } = await client("pipelineschedules.plimsoll.dev").get({ namespace, name: "hand" });
  expect(status?.lastRun).toBeUndefined();
  expect(await inNamespace("schedules", "run", "nobody")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no schedule "nobody"'),
  });
});

test("a backfill is shown before, runs, is cancelled and resumed, and leaves out what has a run", async () => {
  const { client, namespace } = own;
  await create("days", { cron: ["0 0 * * *"], suspend: true });
  const range = ["--from", "2026-01-01", "--to", "2026-01-20"];
  const dry = await inNamespace("backfill", "days", ...range, "--reverse", "--dry-run");
  expect(dry.stdout.split("\n").slice(0, 2)).toEqual([
    "2026-01-20T00:00:00Z  2026-01-20 00:00:00 UTC",
    "2026-01-19T00:00:00Z  2026-01-19 00:00:00 UTC",
  ]);
  expect(await runsOf("days")).toEqual([]);
  const created = await inNamespace("backfill", "days", ...range, "--name", "jan", "--parallel", "2");
  expect(created).toMatchObject({ code: 0, stdout: "backfill.plimsoll.dev/jan created: 20 times\n" });
  await inNamespace("backfill", "cancel", "jan");
  const ended = async (name: string, ...phases: string[]): Promise<void> => {
    for (const deadline = Date.now() + 400_000; ; await sleep(200)) {
      const { status } = await client("backfills.plimsoll.dev").get({ namespace, name });
      if (phases.includes(status?.phase ?? "")) return;
      if (Date.now() > deadline) throw new Error(JSON.stringify(status));
    }
  };
  await ended("jan", "Cancelled", "Succeeded");
  await inNamespace("backfill", "resume", "jan");
  await ended("jan", "Succeeded");
  const succeeded = (await runsOf("days")).filter(({ status }) => status?.phase === "Succeeded");
  const times = succeeded.map(({ metadata }) => metadata.annotations?.["plimsoll.dev/scheduled-time"]);
  expect(new Set(times).size).toBe(20);
  expect(times).toHaveLength(20);
  await inNamespace("backfill", "days", "--from", "2026-01-18", "--to", "2026-01-22", "--name", "more");
  await ended("more", "Succeeded");
  const { status } = await client("backfills.plimsoll.dev").get({ namespace, name: "more" });
  expect(status).toMatchObject({ total: 5, skipped: "0-2", succeeded: "3-4", progress: "5/5" });
  expect((await inNamespace("backfill", "list")).stdout).toMatch(/more +days +Succeeded +5\/5 +0/);
  expect(await inNamespace("backfill", "days", "--from", "2026-02-01", "--to", "2026-01-01")).toMatchObject({ code: 2 });
});

test("a file's next times are told without a cluster, by the clocks of the zone", async () => {
  const name = file("zone.yaml", schedule("zone", { cron: ["30 2 29 3 *"], timeZone: "Europe/Berlin", start: "2099-01-01T00:00:00Z" }));
  const { stdout } = await plimsoll(["schedules", "--next", "1", "-f", name], { kubeconfig: "/nowhere" });
  expect(stdout).toMatch(/^TIME +LOCAL +SCHEDULE\n2099-03-29T01:00:00Z +2099-03-29 03:00:00 Europe\/Berlin +zone\n$/);
});

test("lint refuses what the controller would, and notes what may be otherwise than it is meant", async () => {
  const odd = file("odd.yaml", schedule("odd", { cron: ["0 0 1 * */1", "*/7 * * * *", "0 0 30 2 *", "0 0 13 * 5"] }));
  const noted = await plimsoll(["lint", odd], { kubeconfig: "/nowhere" });
  expect(noted).toMatchObject({ code: 0, stdout: "odd.yaml: no problems\n" });
  expect(noted.stderr).toMatch(/note: "0 0 1 \* \*\/1": "\*\/1" is every day/);
  expect(noted.stderr).toMatch(/note: "\*\/7 \* \* \* \*": .* begins anew with each hour/);
  expect(noted.stderr).toMatch(/note: "0 0 30 2 \*": never comes/);
  expect(noted.stderr).toMatch(/note: "0 0 13 \* 5": .* on the days of either/);
  const json = await plimsoll(["lint", odd, "-o", "json"], { kubeconfig: "/nowhere" });
  expect(JSON.parse(json.stdout)).toContainEqual(expect.objectContaining({ field: "spec.cron[2]", severity: "note" }));
  for (const [text, message] of [
    [schedule("a", { cron: ["61 * * * *"] }), 'spec.cron[0]: "61 * * * *": the minute "61" is out of range: give 0 to 59'],
    [schedule("a", { cron: ["@daily"], timeZone: "Europe/Nowhere" }), 'spec.timeZone: there is no time zone "Europe/Nowhere"'],
    [schedule("a", { cron: ["@daily"], interval: "1h" }), "give either cron or interval"],
    [
      schedule("a", { cron: ["@daily"] }, { template: { spec: { params: { x: "${{ schedule.tiem }}" }, pipelineRef: { name: "p" } } } }),
      'spec.template.spec.params.x: `schedule.tiem`: there is no "tiem"',
    ],
    [
      schedule("a", { cron: ["@daily"] }, { template: { spec: { pipeline: { steps: [{ name: "a", image: "b", needs: ["c"] }] } } } }),
      'spec.template.spec.pipeline.steps[0].needs[0]: there is no step "c"',
    ],
    [schedule("A", { cron: ["@daily"] }), "a schedule's name must be lower-case letters"],
  ] as const) {
    const { code, stderr } = await plimsoll(["lint", file("bad.yaml", text)], { kubeconfig: "/nowhere" });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  }
});

test("CronJobs and CronWorkflows become schedules, and those whose times would change are named", async () => {
  const job = { spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "busybox" }] } } } };
  const cronJob = (name: string, schedule: string, timeZone: string): object => ({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name },
    spec: { schedule, timeZone, concurrencyPolicy: "Forbid", jobTemplate: job },
  });
  const items = [
    cronJob("same", "*/15 * * * *", "Europe/Berlin"),
    cronJob("night", "30 2 * * *", "Europe/Berlin"),
    cronJob("saturday", "0 12 * * 6", "America/Santiago"),
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "CronWorkflow",
      metadata: { name: "flow" },
      spec: { schedules: ["0 1 * * *", "0 13 * * *"], timezone: "UTC", workflowSpec: { entrypoint: "main" } },
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "other" } },
  ];
  const source = file("cronjobs.json", JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  const made = await plimsoll(["schedules", "import", source, "-o", "json"], { kubeconfig: "/nowhere" });
  expect(made.code).toBe(0);
  const { items: schedules } = JSON.parse(made.stdout) as { items: { metadata: { name: string }; spec: object }[] };
  expect(schedules.map(({ metadata }) => metadata.name)).toEqual(["same", "night", "saturday", "flow"]);
  expect(schedules[3]?.spec).toMatchObject({ cron: ["0 1 * * *", "0 13 * * *"], template: { kind: "Workflow" } });
  expect(made.stderr).not.toMatch(/^(same|flow): .* would change/m);
  expect(made.stderr).toMatch(/^night: \d+ times within two years would change:\n.*03:00 Europe\/Berlin: a run here/m);
  expect(made.stderr).toMatch(/^saturday: \d+ times .*\n.*12:00 America\/Santiago: none here, where there was one before/m);
  const like = await plimsoll(["schedules", "import", "--like-cronjob", source], { kubeconfig: "/nowhere" });
  expect(like.stderr).not.toMatch(/^night: .* would change/m);
  expect(like.stderr).toMatch(/^saturday: /m);
  expect(await plimsoll(["lint", file("made.yaml", like.stdout)], { kubeconfig: "/nowhere" })).toMatchObject({ code: 0 });
  const none = await plimsoll(["schedules", "import", file("none.yaml", "a: 1\n")], { kubeconfig: "/nowhere" });
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no CronJob") });
});

test("schedules and backfills are completed by their names", async () => {
  await create("completed", { cron: ["@yearly"] });
  const completed = async (...words: string[]): Promise<string> =>
    (await plimsoll(["complete", "--", ...words, "-n", own.namespace, ""])).stdout;
  await vi.waitFor(async () => expect(await completed("schedules", "run")).toContain("completed"), { timeout: 120_000, interval: 1_000 });
  expect((await plimsoll(["complete", "--", "schedules", ""])).stdout).toMatch(/^suspend\t/m);
  expect((await plimsoll(["complete", "--", "backfill", ""])).stdout).toMatch(/^resume\t/m);
});
