import { expect, test } from "vitest";
import { horizontalHolder, verticalHolder } from "./holder.ts";

const metadata = { namespace: "a", name: "web", uid: "1", resourceVersion: "1", creationTimestamp: "2026-11-28T12:00:00Z" };
const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
const scaledBy = (...metrics: object[]) =>
  horizontalHolder({ metadata, spec: { scaleTargetRef, maxReplicas: 3, metrics: metrics as never } });
const resource = (name: string, type: string) => ({ type: "Resource", resource: { name, target: { type, averageUtilization: 80 } } });

test("a HorizontalPodAutoscaler holds what it scales by in percent of requests, of all containers or of one", () => {
  expect(scaledBy(resource("cpu", "Utilization"))).toMatchObject({
    target: { group: "apps", kind: "Deployment", name: "web" },
    own: {},
    others: ["cpu"],
  });
  const ofOne = { type: "ContainerResource", containerResource: { ...resource("memory", "Utilization").resource, container: "app" } };
  expect(scaledBy(ofOne)).toMatchObject({ own: { app: ["memory"] }, others: [] });
  expect(scaledBy(ofOne, resource("cpu", "Utilization"))).toMatchObject({ own: { app: ["cpu", "memory"] }, others: ["cpu"] });
});

test("one that scales by amounts, or by something else, holds nothing", () => {
  const pods = { type: "Pods", pods: { metric: { name: "requests" }, target: { type: "AverageValue", averageValue: "1" } } };
  expect(scaledBy(resource("memory", "AverageValue"), pods)).toBeUndefined();
});

const vertical = (spec: object) => verticalHolder({ metadata, spec: { targetRef: scaleTargetRef, ...spec } });

test("a VerticalPodAutoscaler that applies holds what it controls", () => {
  expect(vertical({})).toMatchObject({ target: { kind: "Deployment", name: "web" }, own: {}, others: ["cpu", "memory"] });
  const containerPolicies = [
    { containerName: "app", controlledResources: ["memory"] },
    { containerName: "*", mode: "Off" },
  ];
  expect(vertical({ updatePolicy: { updateMode: "Initial" }, resourcePolicy: { containerPolicies } })).toMatchObject({
    own: { app: ["memory"] },
    others: [],
  });
  expect(vertical({ updatePolicy: { updateMode: "Off" } })).toBeUndefined();
});

test("a VerticalPodAutoscaler that was made for a policy is known by its owner", () => {
  const owner = { apiVersion: "plimsoll.dev/v1alpha1", kind: "RightSizingPolicy", name: "all", uid: "p", controller: true };
  expect(verticalHolder({ metadata: { ...metadata, ownerReferences: [owner] }, spec: { targetRef: scaleTargetRef } })?.madeFor).toBe("p");
  expect(vertical({})?.madeFor).toBeUndefined();
});
