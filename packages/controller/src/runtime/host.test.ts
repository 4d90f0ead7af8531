import { defineFeature } from "@plimsoll/features/feature";
import { declare } from "@plimsoll/features/kinds";
import { expect, test } from "vitest";
import * as z from "zod";
import { FeatureError } from "./feature-error.ts";
import { Host, type Chosen } from "./host.ts";

const none = (): Promise<never> => Promise.reject(new Error("nothing is asked"));

/** A feature that waits to lead, and then does what is given. */
const waiting = (then: () => Promise<void>): Chosen => {
  const feature = defineFeature({
    permissions: declare("waiting", []),
    proof: [],
    config: z.object({}),
    leader: "required",
    async start(runtime) {
      await runtime.elected;
      await then();
    },
  });
  return { feature, config: {} };
};

test("a feature that waits to lead ends with the program", async () => {
  const host = new Host({ sender: { request: none, stream: none }, elected: new Promise(() => {}) });
  const end = new AbortController();
  const running = host.run([waiting(none)], end.signal);
  end.abort();
  await expect(running).resolves.toBeUndefined();
});

test("what keeps it from ever leading is its failure", async () => {
  const host = new Host({ sender: { request: none, stream: none }, elected: Promise.reject(new Error("the lease is lost")) });
  const running = host.run([waiting(none)], new AbortController().signal);
  await expect(running).rejects.toThrow(FeatureError);
  await expect(running).rejects.toThrow("the lease is lost");
});
