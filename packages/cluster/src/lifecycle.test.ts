import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { untilReady } from "./lifecycle.ts";
import { start, stop } from "./host/process.ts";
import { pathsOf } from "./state.ts";

test("of a component that runs and is not ready in its time, the last attempt's failure is told beside the log", async () => {
  const home = mkdtempSync(join(tmpdir(), "plimsoll-home-"));
  vi.stubEnv("PLIMSOLL_HOME", home);
  const paths = pathsOf("late");
  const files = paths.files("etcd");
  onTestFinished(async () => {
    await stop(files.pidFile, 0);
    rmSync(home, { recursive: true });
    vi.unstubAllEnvs();
  });
  await start({ command: "sleep", args: ["1000"] }, files);
  await expect(untilReady({ paths }, "etcd", 0.1, () => Promise.reject(new Error("refused")))).rejects.toThrow(
    `the start of etcd took longer than 0.1 s; its log is ${files.log}; the last attempt failed: refused`,
  );
});
