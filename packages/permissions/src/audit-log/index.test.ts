import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { spawnSync } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { inferFromLogs } from "./index.ts";

const line = (id: number, path = "/healthz"): string =>
  `${JSON.stringify({ kind: "Event", apiVersion: "audit.k8s.io/v1", auditID: String(id), stage: "ResponseComplete", requestURI: path, verb: "get", user: { username: "ann" } })}\n`;
const lines = (count: number): string => Array.from({ length: count }, (_, index) => line(index, `/p${index % 7}`)).join("");

function file(name: string, content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

test("plain and gzipped logs are told apart by their first bytes, not their names", async () => {
  const text = lines(9000);
  // Rotated logs are appended to one another, compressed too.
  const zipped = file("audit.log", Buffer.concat([gzipSync(text), gzipSync(text)]));
  const summary = await inferFromLogs([file("audit.log.gz", text), zipped], { user: "ann" });
  expect(summary).toMatchObject({ events: 27_000, matched: 27_000, malformed: 0 });
  expect(summary.inference.requests).toHaveLength(7);
});

test("progress ends with all bytes of all files", async () => {
  const files = [file("a", lines(5000)), file("b", gzipSync(lines(10))), file("c", "")];
  const told: [number, number][] = [];
  await inferFromLogs(files, { onProgress: (bytes, total) => told.push([bytes, total]) });
  expect(told.length).toBeGreaterThan(2);
  expect(told.at(-1)?.[0]).toBe(told.at(-1)?.[1]);
});

test("a file's last line is its own, though unterminated", async () => {
  expect(await inferFromLogs([file("a", line(1).trimEnd()), file("b", line(2))])).toMatchObject({ events: 2, malformed: 0 });
  const broken = file("b", `${line(1)}${line(2).slice(0, 50)}`);
  expect(await inferFromLogs([broken, file("c", line(2))])).toMatchObject({
    events: 2,
    malformed: 1,
    firstMalformed: { file: broken, line: 2 },
  });
});

test("a missing file is named before any is read", async () => {
  const told: number[] = [];
  await expect(inferFromLogs([file("a", line(1)), "/nowhere/audit.log"], { onProgress: (bytes) => told.push(bytes) })).rejects.toThrow(
    /cannot read the audit log \/nowhere\/audit.log: .*no such file/,
  );
  expect(told).toEqual([]);
});

/** Of texts that don't compress away. */
const unlike = (count: number): string => Array.from({ length: count }, (_, index) => line(index, `/p${Math.sin(index)}`)).join("");

test("of a gzipped file that is cut off, all that was unpacked is read, and how much that is is told", async () => {
  const zipped = gzipSync(unlike(5000));
  for (const part of [0.02, 0.5, 0.999]) {
    const cut = file("cut.gz", zipped.subarray(0, Math.floor(zipped.length * part)));
    const { events, malformed, broken } = await inferFromLogs([file("a", line(1)), cut]);
    expect(malformed).toBe(0);
    expect(events).toBeGreaterThan(Math.floor(5000 * part * 0.8));
    expect(events).toBeLessThan(5001);
    expect(broken).toEqual([{ file: cut, why: "is cut off: its end is missing", events: events - 1 }]);
  }
  expect((await inferFromLogs([file("whole.gz", zipped)])).broken).toEqual([]);
});

test("of a gzipped file that is damaged, what comes before that is read, and it is told", async () => {
  const zipped = gzipSync(unlike(40_000));
  const damaged = Buffer.from(zipped);
  damaged.fill(0xff, Math.floor(zipped.length * 0.9), Math.floor(zipped.length * 0.9) + 20);
  const flipped = Buffer.from(zipped);
  flipped[zipped.length - 6] = (flipped[zipped.length - 6] ?? 0) ^ 1;
  for (const [content, least] of [
    [damaged, 25_000],
    // What comes with the fault in one piece is lost.
    [flipped, 39_000],
  ] as const) {
    const { events, broken } = await inferFromLogs([file("damaged.gz", content)]);
    expect(events).toBeGreaterThanOrEqual(least);
    expect(broken).toMatchObject([{ why: expect.stringMatching(/^is damaged: /) as string, events }]);
  }
});

test("a folder is named", async () => {
  await expect(inferFromLogs([tmpdir()])).rejects.toThrow(/cannot read the audit log .*EISDIR/);
});

test("fields that are null are as if they weren't there", async () => {
  const event = {
    ...JSON.parse(line(1)),
    objectRef: null,
    impersonatedUser: null,
    annotations: null,
    user: { username: "ann", groups: null },
  };
  expect(await inferFromLogs([file("a", `${JSON.stringify(event)}\n`)], { user: "ann" })).toMatchObject({
    events: 1,
    matched: 1,
    malformed: 0,
  });
});

test("events without line breaks are read in little memory, however many there are", () => {
  const one = JSON.stringify({ ...JSON.parse(line(1, "/a")), userAgent: "x".repeat(2000) });
  const many = 60_000;
  const content = Buffer.alloc((one.length + 1) * many, `${one},`);
  content[content.length - 1] = 0x5d;
  const array = file("array.json", Buffer.concat([Buffer.from("["), content]));
  const program = `import { inferFromLogs } from ${JSON.stringify(new URL("index.ts", import.meta.url))};
    const { events, malformed } = await inferFromLogs([process.argv[1]]); console.log(events, malformed, process.resourceUsage().maxRSS / 1024)`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program, array], { encoding: "utf8" });
  const [events, malformed, megabytes] = stdout.trim().split(" ").map(Number);
  expect({ events, malformed, stderr }).toEqual({ events: many, malformed: 0, stderr: "" });
  expect(megabytes).toBeLessThan(300);
});

test("a line that is long, and an array in one, are read between others, whose numbers stay", async () => {
  const one = (more: object): object => ({ ...(JSON.parse(line(1)) as object), ...more });
  const long = JSON.stringify(
    one({ responseObject: { items: Array.from({ length: 20_000 }, (_, index) => ({ name: index, data: "x".repeat(100) })) } }),
  );
  const array = JSON.stringify(Array.from({ length: 8000 }, (_, index) => one({ auditID: String(index) })));
  const log = file("log", `${line(1)}${long}\n${array}\nnonsense\n${long}\n${line(2)}`);
  expect([long.length, array.length].every((length) => length > 1 << 20)).toBe(true);
  for (const filter of [{}, { user: "ann" }])
    expect(await inferFromLogs([log], filter)).toMatchObject({ events: 8004, matched: 8004, malformed: 1, firstMalformed: { line: 4 } });
});

test("of an array in an archive that is cut off, the events are read", async () => {
  const zipped = gzipSync(`[${unlike(5000).trimEnd().replaceAll("\n", ",")}]`);
  const cut = file("cut.gz", zipped.subarray(0, zipped.length / 2));
  const { events, broken } = await inferFromLogs([cut]);
  expect(events).toBeGreaterThan(2000);
  expect(broken).toMatchObject([{ file: cut, events }]);
});

test("an event that was cut at the end of its line begins no value that goes on", async () => {
  const cut = line(1).slice(0, line(1).indexOf(",") + 1);
  expect(await inferFromLogs([file("a", `${cut}\nnull\n${line(1)}`)])).toMatchObject({
    events: 1,
    malformed: 2,
    firstMalformed: { line: 1 },
  });
});

test("standard input is read as a file is", () => {
  const program = `import { inferFromLogs } from ${JSON.stringify(new URL("index.ts", import.meta.url))}; console.log(String((await inferFromLogs(["-"])).events))`;
  for (const input of [lines(3000), gzipSync(lines(3000))]) {
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { input, encoding: "utf8" });
    expect(stdout.trim()).toBe("3000");
  }
});
