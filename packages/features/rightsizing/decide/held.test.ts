import { expect, test } from "vitest";
import type { Holder } from "../observe/holder.ts";
import { heldBy } from "./held.ts";

const web = { apiVersion: "apps/v1", kind: "Deployment", namespace: "a", name: "web" };
const horizontal: Holder = {
  kind: "HorizontalPodAutoscaler",
  namespace: "a",
  name: "web",
  target: { group: "apps", kind: "Deployment", name: "web" },
  own: { app: ["memory"] },
  others: ["cpu"],
};
const vertical: Holder = { ...horizontal, kind: "VerticalPodAutoscaler", target: { ...horizontal.target, group: undefined } };

test("what autoscalers hold of a container is told, of one by name or of any", () => {
  expect(heldBy([vertical, horizontal], web, "proxy", {})).toEqual([
    { kind: "HorizontalPodAutoscaler", name: "web", resources: ["cpu"] },
    { kind: "VerticalPodAutoscaler", name: "web", resources: ["cpu"] },
  ]);
  expect(heldBy([horizontal], web, "app", {})).toMatchObject([{ resources: ["memory"] }]);
});

test("an autoscaler of another group's kind holds nothing, though VerticalPodAutoscaler doesn't tell them apart", () => {
  const other = { ...web, apiVersion: "example.org/v1" };
  expect(heldBy([horizontal, vertical], other, "proxy", {})).toMatchObject([{ kind: "VerticalPodAutoscaler" }]);
});

test("a policy that doesn't respect autoscalers has none that hold anything", () => {
  expect(heldBy([horizontal, vertical], web, "app", { respectAutoscalers: false })).toBeUndefined();
});
