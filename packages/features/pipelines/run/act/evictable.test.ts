import type { PipelineSpec } from "@plimsoll/api";
import { budgetOf, type Budget } from "@plimsoll/model";
import { expect, test } from "vitest";
import { compile } from "../../plan/plan.ts";
import { evictableBy } from "./evictable.ts";

const metadata = { namespace: "ns", name: "run", uid: "uid", labels: { team: "a" }, generation: 2 };
const pipeline: PipelineSpec = {
  steps: [
    { name: "load", image: "x", command: ["x"], pod: { labels: { app: "load" } } },
    { name: "train", image: "x", command: ["x"], pod: { patch: { metadata: { labels: { app: "train", team: null } } } } },
  ],
};
const budget = (name: string, matchLabels: Record<string, string>, more: object = { maxUnavailable: 1 }): Budget =>
  budgetOf({ metadata: { namespace: "ns", name }, spec: { selector: { matchLabels }, ...more } });

function told(...budgets: Budget[]) {
  const result = compile({ pipeline });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  const { status, reason, message, observedGeneration } = evictableBy(budgets, { metadata }, result.plan, 0);
  expect(observedGeneration).toBe(2);
  return { status, reason, message };
}

test("without a budget over its pods, a run says that they can be evicted", () => {
  for (const { status } of [told(), told(budget("other", { app: "web" })), told(budget("counted", { team: "a" }, { minAvailable: 1 }))])
    expect(status).toBe("True");
});

test("labels of the run, of the step's pods and of a patch are those that a budget selects by", () => {
  expect(told(budget("team", { team: "a" })).message).toMatch(
    /^the PodDisruptionBudget "team" \(maxUnavailable: 1\) selects the pods of step load;/,
  );
  expect(told(budget("train", { app: "train" }, { minAvailable: "50%" })).message).toMatch(
    /"train" \(minAvailable: 50%\) selects the pods of step train;/,
  );
  expect(told(budget("all", { "plimsoll.dev/run": "run" }))).toMatchObject({
    status: "False",
    reason: "PodDisruptionBudget",
    message: expect.stringMatching(/the pods of step load \(and of 1 more\);.*plimsoll.dev\/run-uid/) as string,
  });
});

test("of two budgets over one pod, neither is said to be the one", () => {
  const counted = { minAvailable: 1 };
  expect(told(budget("one", { app: "load" }, counted), budget("two", { team: "a" }, counted)).message).toMatch(
    /^more than one PodDisruptionBudget selects the pods of step load: "one", "two"; .*can't be drained/,
  );
});
