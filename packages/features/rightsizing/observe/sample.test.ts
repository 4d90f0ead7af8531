import { Sizing, UsageHistory } from "@plimsoll/model/sizing";
import { expect, test } from "vitest";
import { config, sizingSettingsOf } from "../config.ts";
import { sizedPodOf } from "@plimsoll/model/sizing";
import { silenceOf, take, toldRejection } from "./sample.ts";

const now = Date.parse("2026-11-28T12:00:00Z");
const pod = sizedPodOf({
  metadata: { namespace: "a", name: "web-0", uid: "1", creationTimestamp: "2026-11-28T11:00:00Z" as never },
  spec: {
    containers: [{ name: "app", resources: { requests: { cpu: "100m" }, limits: { cpu: "1", memory: "1Gi" } } }, { name: "free" }],
    initContainers: [{ name: "sidecar", restartPolicy: "Always" } as never, { name: "before" }],
  },
});
const at = "2026-11-28T11:59:30Z";
const metrics = (usage: unknown, timestamp: unknown = at, name = "app") => ({ timestamp, containers: [{ name, usage }] }) as never;

test("what containers use is taken in thousandths of a core, and bytes, that of sidecars, too", () => {
  const of = (name: string) => take(metrics({ cpu: "1234567n", memory: "10Mi" }, at, name), pod, undefined, now);
  for (const name of ["app", "free", "sidecar"])
    expect(of(name)).toEqual({
      samples: [{ container: name, at: Date.parse(at), cpu: 1.234567, memory: 10 * 1024 ** 2 }],
      oddities: [],
    });
  expect(of("before")).toEqual({ samples: [], oddities: [] });
  expect(of("renamed")).toEqual({ samples: [], oddities: [] });
});

const good = { cpu: "1m", memory: "1Mi" };

test.each<[string, unknown, unknown, number | undefined]>([
  ["the same sample again", good, at, Date.parse(at)],
  ["one that is a little older than the last, as another server may say it", good, "2026-11-28T11:58:40Z", Date.parse(at)],
])("%s is left out", (_, usage, timestamp, last) => {
  expect(take(metrics(usage, timestamp), pod, last, now)).toEqual({ samples: [], oddities: [] });
});

test.each<[string, unknown, unknown, string]>([
  ["a negative amount", { cpu: "-5m", memory: "1Mi" }, at, 'cpu "-5m" is less than nothing'],
  ["a missing one", { cpu: "5m" }, at, "memory is missing"],
  ["what is no quantity", { cpu: "lots", memory: "1Mi" }, at, 'cpu "lots" is no quantity'],
  ["an object", { cpu: { a: 1 }, memory: "1Mi" }, at, 'cpu {"a":1} is no quantity'],
  ["no usage at all", undefined, at, "cpu is missing, memory is missing"],
  ["a jump beyond what the limit lets it have", { cpu: "2m", memory: "20Gi" }, at, 'memory "20Gi" is more than its limit lets it have'],
  ["a jump of CPU", { cpu: "64", memory: "1Mi" }, at, 'cpu "64" is more than its limit lets it have'],
  ["a time to come", good, "2026-11-28T12:02:00Z", "the time 2026-11-28T12:02:00Z is still to come"],
  [
    "one of an earlier pod of the same name",
    good,
    "2026-11-28T10:59:00Z",
    "the time 2026-11-28T10:59:00Z is before it was made, and so is of another of its name, or a clock is wrong",
  ],
  ["no time", good, "yesterday", 'the time "yesterday" is none'],
])("%s is left out and told", (_, usage, timestamp, message) => {
  const { samples, oddities } = take(metrics(usage, timestamp), pod, undefined, now);
  expect(samples).toEqual([]);
  expect(oddities).toHaveLength(1);
  expect(oddities[0]).toMatch(/^pod a\/web-0/);
  expect(oddities[0]).toContain(message);
});

test("what is said of an earlier pod of the same name is no matter where this one was only just made", () => {
  expect(take(metrics(good, "2026-11-28T10:59:30Z"), pod, undefined, pod.createdAt + 60_000)).toEqual({ samples: [], oddities: [] });
});

test("a pod that runs, and of which nothing is said for five minutes, is told, and so is one of which nothing new is", () => {
  const running = (startedAt: string | undefined) =>
    sizedPodOf({
      metadata: { namespace: "a", name: "web-0", uid: "1" },
      status: {
        phase: "Running",
        containerStatuses: [{ name: "app", state: startedAt === undefined ? { waiting: {} } : { running: { startedAt } } } as never],
      },
    });
  const [long, short] = [running("2026-11-28T11:55:00Z"), running("2026-11-28T11:55:01Z")];
  expect(silenceOf(long, undefined, now)).toBe("pod a/web-0 (nothing since 2026-11-28T11:55:00Z)");
  expect(silenceOf(running("2026-11-28T11:00:00Z"), now - 5 * 60_000, now)).toBe("pod a/web-0 (nothing new since 2026-11-28T11:55:00Z)");
  for (const quiet of [silenceOf(short, undefined, now), silenceOf(long, now - 60_000, now), silenceOf(running(undefined), undefined, now)])
    expect(quiet).toBeUndefined();
});

test("without a limit, only more than 10,000 cores or 1 PiB is too much, and told", () => {
  const of = (cpu: string, memory: string): string | undefined => {
    const { samples, oddities } = take(metrics({ cpu, memory }, at, "free"), pod, undefined, now);
    expect(oddities).toEqual([]);
    return new UsageHistory(new Sizing(sizingSettingsOf(config.parse({})))).sample("1", Date.parse(at), samples[0], now);
  };
  expect(of("10000", "1Pi")).toBeUndefined();
  expect(of("10000001m", "1Mi")).toBe("Implausible");
  expect(of("1m", "1025Ti")).toBe("Implausible");
  const sample = { container: "free", at: Date.parse(at), cpu: 10_000_001, memory: 2 ** 20 };
  expect(toldRejection(pod, sample, "Implausible")).toBe(
    "pod a/web-0, container free: 10000001m of CPU, 1Mi of memory is more than there can be",
  );
});

test("a clock that went back by more than clocks differ is told; the same once more isn't", () => {
  const last = Date.parse(at);
  const told = (timestamp: string) => take(metrics(good, timestamp), pod, last, now);
  for (const again of [at, "2026-11-28T11:58:30Z"]) expect(told(again)).toEqual({ samples: [], oddities: [] });
  expect(told("2026-11-28T11:58:29Z")).toEqual({
    samples: [],
    oddities: ["pod a/web-0: the time 2026-11-28T11:58:29Z is before the last one, 2026-11-28T11:59:30Z"],
  });
});

test("one odd container doesn't hold the others back", () => {
  const containers = [
    { name: "app", usage: { cpu: "-1", memory: "1Mi" } },
    { name: "free", usage: good },
  ];
  const { samples, oddities } = take({ timestamp: at, containers } as never, pod, undefined, now);
  expect(samples.map(({ container }) => container)).toEqual(["free"]);
  expect(oddities).toHaveLength(1);
});
