import type { RightSizingPolicy } from "@plimsoll/api";
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

const policy = (spec: RightSizingPolicy["spec"] = {}) => ({ metadata: { uid: "p" }, spec });

test("what autoscalers hold of a container is told, of one by name or of any", () => {
  expect(heldBy([vertical, horizontal], web, "proxy", policy())).toEqual([
    { kind: "HorizontalPodAutoscaler", name: "web", resources: ["cpu"] },
    { kind: "VerticalPodAutoscaler", name: "web", resources: ["cpu"] },
  ]);
  expect(heldBy([horizontal], web, "app", policy())).toMatchObject([{ resources: ["memory"] }]);
});

test("an autoscaler of another group's kind holds nothing, though VerticalPodAutoscaler doesn't tell them apart", () => {
  const other = { ...web, apiVersion: "example.org/v1" };
  expect(heldBy([horizontal, vertical], other, "proxy", policy())).toMatchObject([{ kind: "VerticalPodAutoscaler" }]);
});

test("a policy that doesn't respect autoscalers has none that hold anything", () => {
  expect(heldBy([horizontal, vertical], web, "app", policy({ respectAutoscalers: false }))).toBeUndefined();
});

test("what is made for a policy holds nothing of what that recommends, unless it is to be made no more", () => {
  const made = { ...vertical, madeFor: "p" };
  expect(heldBy([made], web, "app", policy({ verticalPodAutoscalers: {} }))).toBeUndefined();
  expect(heldBy([made], web, "app", policy())).toHaveLength(1);
  expect(heldBy([{ ...made, madeFor: "another" }], web, "app", policy({ verticalPodAutoscalers: {} }))).toHaveLength(1);
  expect(heldBy([vertical], web, "app", policy({ verticalPodAutoscalers: {} }))).toHaveLength(1);
});
