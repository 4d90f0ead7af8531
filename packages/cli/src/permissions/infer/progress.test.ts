import { WriteStream } from "node:tty";
import { expect, test } from "vitest";
import { progressOn } from "./progress.ts";

function shownBy(isTTY: boolean, work: (progress: ReturnType<typeof progressOn>, pass: (milliseconds: number) => void) => void): string {
  let now = 0;
  let shown = "";
  const stream = Object.create(WriteStream.prototype, {
    isTTY: { value: isTTY },
    write: { value: (text: string) => void (shown += text) },
  }) as WriteStream;
  work(
    progressOn(stream, () => now),
    (milliseconds) => (now += milliseconds),
  );
  return shown;
}

test("progress shows on a terminal when it takes long, not too often, and is wiped away at the end", () => {
  const shown = shownBy(true, ({ report, end }, pass) => {
    report(1e6, 100e6);
    pass(3_000);
    report(25e6, 100e6);
    pass(10);
    report(26e6, 100e6);
    pass(1_000);
    report(5e6, 0);
    end();
  });
  expect(shown).toBe("\r\u001b[K25% of 100 MB read\r\u001b[K5 MB read\r\u001b[K");
});

test("a quick one, and one that goes elsewhere than to a terminal, show nothing", () => {
  expect(shownBy(true, ({ report, end }) => (report(1, 2), end()))).toBe("");
  expect(shownBy(false, ({ report, end }, pass) => (pass(5_000), report(1, 2), end()))).toBe("");
});
