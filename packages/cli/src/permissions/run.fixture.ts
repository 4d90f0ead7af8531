import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { program } from "../program.ts";

/** Runs `plimsoll permissions …`; gives what it prints, and the error that it fails with. */
export async function run(...words: string[]): Promise<{ out: string[]; errors: string[]; failure: unknown }> {
  const [out, errors]: [string[], string[]] = [[], []];
  const { exitCode } = process;
  const spies = [
    vi.spyOn(console, "log").mockImplementation((text: string) => void out.push(text)),
    vi.spyOn(console, "error").mockImplementation((text: string) => void errors.push(text)),
  ];
  onTestFinished(() => {
    spies.forEach((spy) => spy.mockRestore());
    process.exitCode = exitCode;
  });
  const command = await program(["permissions", ...words]);
  const failure = await command.parseAsync(["permissions", ...words], { from: "user" }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { out, errors, failure };
}

/** A file that is there while the test runs. */
export function fileOf(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-permissions-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}
