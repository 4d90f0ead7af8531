import { describe, expect, test } from "vitest";
import { layouts, readTraces, TraceError } from "./csv.ts";

const brief = (text: string, layout: keyof typeof layouts, whole?: { cores: number; bytes: number }): object[] =>
  readTraces(text, layouts[layout], whole).map(({ name, step, cpu, memory }) => ({ name, step, cpu: [...cpu], memory: [...memory] }));

describe("traces are read from CSV", () => {
  test("of one's own, in seconds, cores and bytes, in any order, with what is missing as it was before", () => {
    expect(brief("time,cpu,memory\n0,0.25,1000\n180,1,4000\n60,0.5,2000\n120,0.5,2000\n", "plain")).toEqual([
      { name: "container", step: 60_000, cpu: [250, 500, 500, 1_000], memory: [1_000, 2_000, 2_000, 4_000] },
    ]);
    expect(brief("time,container,cpu,memory\n0,a,1,1\n0,b,2,2\n60,a,1,1\n60,b,2,2\n180,a,3,3\n240,a,3,3\n", "plain")).toEqual([
      { name: "a", step: 60_000, cpu: [1_000, 1_000, 1_000, 3_000, 3_000], memory: [1, 1, 1, 3, 3] },
      { name: "b", step: 60_000, cpu: [2_000, 2_000], memory: [2, 2] },
    ]);
  });

  test("as Azure's readings of VMs, in percent of their cores, without memory", () => {
    expect(brief("0,vm1,1.0,9.0,5.0\n300,vm1,2.0,8.0,6.5\n", "azure", { cores: 4, bytes: 0 })).toEqual([
      { name: "vm1", step: 300_000, cpu: [200, 260], memory: [0, 0] },
    ]);
  });

  test("as Alibaba's of containers, without what is abnormal or left out", () => {
    const text =
      "c_1,m_1,386640,41,92,,,,0,0,5\nc_1,m_1,386700,101,92,,,,0,0,5\nc_1,m_1,386760,,92,,,,0,0,5\nc_1,m_1,386820,20,50,,,,0,0,5\nc_1,m_1,386880,20,50,,,,0,0,5\n";
    expect(brief(text, "alibaba", { cores: 8, bytes: 1_000 })).toEqual([
      { name: "c_1", step: 180_000, cpu: [3_280, 1_600], memory: [920, 500] },
    ]);
  });

  test("as Google's of instances, in parts of a machine and microseconds", () => {
    const head = "start_time,end_time,collection_id,instance_index,average_usage_cpus,average_usage_memory,maximum_usage_memory";
    expect(
      brief(`${head}\n300000000,600000000,7,0,0.01,0.02,0.03\n600000000,900000000,7,0,0.02,0.02,0.04\n`, "google", {
        cores: 100,
        bytes: 1e6,
      }),
    ).toEqual([{ name: "7/0", step: 300_000, cpu: [1_000, 2_000], memory: [30_000, 40_000] }]);
  });

  test.each([
    ["time,memory\n0,1\n", "line 1: there is no column for CPU: cpu"],
    ["time,cpu,memory\n0,much,1\n", 'line 2, column cpu: "much" is no number'],
    ["time,cpu,memory\n,1,1\n", "line 2, column time: there is no time"],
  ])("and what is no trace is told by line and column: %j", (text, message) => {
    expect(() => readTraces(text, layouts.plain)).toThrow(new TraceError(message));
  });
});
