import { expect, test } from "vitest";
import { step, type ProgressEvent } from "./progress.ts";

test("a step begins, and ends or fails", async () => {
  const events: ProgressEvent[] = [];
  const tell = (event: ProgressEvent) => void events.push(event);
  expect(await step(tell, "counting", async () => 3)).toBe(3);
  await expect(step(tell, "dividing", () => Promise.reject(new Error("by zero")))).rejects.toThrow("by zero");
  expect(events).toEqual([
    { type: "begin", what: "counting" },
    { type: "end", what: "counting", milliseconds: expect.any(Number) },
    { type: "begin", what: "dividing" },
    { type: "fail", what: "dividing" },
  ]);
});
