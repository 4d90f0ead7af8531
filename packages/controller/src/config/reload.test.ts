import { FakeClock } from "@plimsoll/kube/testing";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { readConfig } from "./read.ts";
import { reloadConfig } from "./reload.ts";

/** A ConfigMap as the kubelet mounts it: the file is a link through `..data`, which is renamed over the one before. */
function mounted(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-reload-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  let version = 0;
  const put = (text: string): void => {
    version += 1;
    mkdirSync(join(folder, `..${version}`));
    writeFileSync(join(folder, `..${version}`, "plimsoll.yaml"), text);
    symlinkSync(`..${version}`, join(folder, "..data_tmp"));
    renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
  };
  put(text);
  const file = join(folder, "plimsoll.yaml");
  symlinkSync(join("..data", "plimsoll.yaml"), file);
  return { file, put, takeAway: () => unlinkSync(join(folder, "..data")) };
}

/** A watch of such a file, what it has told, and how to let it look at the file again. */
function watched(text: string) {
  const mount = mounted(text);
  const clock = new FakeClock();
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const told: unknown[] = [];
  const ended = reloadConfig({
    file: mount.file,
    config: readConfig(text, mount.file),
    clock,
    signal: end.signal,
    onChange: ({ config, live, restart }) => told.push({ logLevel: config.logLevel, live, restart }),
    onError: ({ message }) => told.push(message.replace(mount.file, "FILE")),
  });
  const look = async (times = 1): Promise<void> => {
    for (let i = 0; i < times; i++) {
      await vi.waitUntil(() => clock.sleepers === 1);
      await clock.advance(clock.slept.at(-1) ?? 0);
      await vi.waitUntil(() => clock.sleepers === 1);
    }
  };
  return { ...mount, clock, end, ended, told, look };
}

test("a mount that is swapped is told, when two looks have found the same, once", async () => {
  const { put, told, look } = watched("logLevel: info");
  await look(3);
  expect(told).toEqual([]);
  put("logLevel: debug\nnamespaces: [a]");
  await look();
  expect(told).toEqual([]);
  await look(4);
  expect(told).toEqual([{ logLevel: "debug", live: ["logLevel"], restart: ["namespaces"] }]);
});

test("a change of the text alone is none, and what was taken back needs no restart", async () => {
  const { put, told, look } = watched("logLevel: info");
  put("# the same\n");
  await look(3);
  expect(told).toEqual([]);
  put("namespaces: [a]");
  await look(3);
  put("{}\n");
  await look(3);
  put("namespaces: [a]\n# once more");
  await look(3);
  const needed = { logLevel: "info", live: [], restart: ["namespaces"] };
  expect(told).toEqual([needed, { logLevel: "info", live: [], restart: [] }, needed]);
});

test("what was taken live is compared with thereafter", async () => {
  const { put, told, look } = watched("logLevel: info");
  for (const level of ["debug", "warn", "info"]) {
    put(`logLevel: ${level}`);
    await look(3);
  }
  expect(told).toEqual(["debug", "warn", "info"].map((logLevel) => ({ logLevel, live: ["logLevel"], restart: [] })));
});

test("a file that is wrong is told once, and the next that is right is compared with what stayed", async () => {
  const { put, told, look } = watched("logLevel: info");
  put("logLevel: warn\nnamespace: [a]");
  await look(5);
  expect(told).toEqual(['FILE:2: namespace: there is no such field; did you mean "namespaces"?']);
  put("logLevel: info");
  await look(3);
  expect(told).toHaveLength(1);
  put("logLevel: warn");
  await look(3);
  expect(told.slice(1)).toEqual([{ logLevel: "warn", live: ["logLevel"], restart: [] }]);
});

test("a file that is gone for a moment, or half-written, is no change; one that stays away is told once", async () => {
  const { put, takeAway, told, look } = watched("logLevel: info");
  await look(2);
  takeAway();
  await look();
  put("logLev");
  await look();
  put("logLevel: info");
  await look(3);
  expect(told).toEqual([]);
  takeAway();
  await look(4);
  expect(told).toEqual([expect.stringMatching(/^FILE: cannot be read: ENOENT/) as string]);
  put("logLevel: debug");
  await look(3);
  expect(told.slice(1)).toEqual([{ logLevel: "debug", live: ["logLevel"], restart: [] }]);
});

test("the watch ends with its signal, at once", async () => {
  const { clock, end, ended } = watched("");
  await vi.waitUntil(() => clock.sleepers === 1);
  end.abort();
  await ended;
  expect(clock.sleepers).toBe(0);
});
