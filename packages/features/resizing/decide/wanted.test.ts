import { expect, test } from "vitest";
import type { Change } from "./change.ts";
import { takenBack, wantedBy } from "./wanted.ts";

const change: Change = { key: "k", at: 0, from: { requests: { cpu: 500 }, limits: {} }, to: { requests: { cpu: 440 }, limits: {} } };
const recommendation = (cpu: string, reason: string) => ({ target: { cpu }, reason }) as never;

test.each([
  ["what is recommended", "200m", "Recommended", undefined, 200],
  ["what the others have, where that is near", "455m", "Recommended", change, 440],
  ["what is recommended, where that is far from what the others have", "700m", "Recommended", change, 700],
  ["what the others have, also where a new pod happens to be near enough", "500m", "Close", change, 440],
  ["nothing, where nothing was changed and the newest pod is near enough", "500m", "Close", undefined, undefined],
  ["nothing, where the newest pod is near enough and the others are far off", "2", "Close", change, undefined],
])("wanted is %s", (_, target, reason, last, cpu) => {
  expect(wantedBy(recommendation(target, reason), last, 10)?.requests["cpu"]).toBe(cpu);
});

test("what the others have is wanted also where a change was of one resource alone", () => {
  const close = { target: { cpu: "500m", memory: "1Gi" }, reason: "Close" } as never;
  expect(wantedBy(close, change, 10)?.requests).toEqual({ cpu: 440 });
});

test("a limit that was removed by a change comes back with it to a template, and never to a pod", () => {
  const from = { requests: { memory: 100 }, limits: { memory: 200 } };
  const back: Change = {
    ...change,
    from,
    to: { requests: { memory: 50 }, limits: {} },
    takenBack: { why: "it crashed", until: 1, whole: false },
  };
  const has = { requests: { cpu: 1, memory: 50 }, limits: {} };
  expect(takenBack(has, back, undefined, true)).toEqual({ requests: { cpu: 1, memory: 100 }, limits: { memory: 200 } });
  expect(takenBack(has, back, undefined, false)).toEqual({ requests: { cpu: 1, memory: 100 }, limits: {} });
});
