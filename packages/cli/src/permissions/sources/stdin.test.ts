import { expect, test } from "vitest";
import { UsageError } from "../../failure.ts";
import { run } from "../run.fixture.ts";

test.each(["- --baseline -", "- --own -", "roles.yaml --baseline - --own -", "--live --baseline - --own -"])(
  "standard input is read once: risks %s",
  async (words) => {
    const { failure } = await run("risks", ...words.split(" "));
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure).toHaveProperty("message", expect.stringContaining("standard input can be read only once"));
  },
);
