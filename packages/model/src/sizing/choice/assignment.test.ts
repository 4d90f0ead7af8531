import { expect, test } from "vitest";
import { Assignment } from "./assignment.ts";
import { sizedPodOf } from "./sized-pod.ts";

const podOf = (name: string, app: string, phase = "Running") =>
  sizedPodOf({
    metadata: { namespace: "a", name, uid: name, labels: { app } },
    spec: { containers: [{ name: "app" }] },
    status: { phase },
  });
const policy = {
  metadata: { namespace: "a", name: "all", uid: "1", resourceVersion: "1" },
  spec: { selector: { matchLabels: { app: "web" } } },
};

test("Jobs' pods of one value of a label are of one workload, where their policy says so", () => {
  const known = { kind: "Job", namespace: "a", name: "it", uid: "it", owner: undefined };
  const owned = (name: string, app: string) => ({ ...podOf(name, app), owner: { apiVersion: "batch/v1", kind: "Job", name, uid: name } });
  const by = { ...policy, spec: { jobs: { label: "app" } } };
  const assignment = new Assignment([by], (owner) => ({ ...known, name: owner.name }));
  expect(["one", "two"].map((name) => assignment.of(owned(name, "etl"))?.workload.name)).toEqual(["app=etl", "app=etl"]);
  expect(["app=etl", "one"].map((name) => assignment.isLive("a", `batch/Job/${name}//app`))).toEqual([true, true]);
  expect(assignment.of(podOf("bare", "etl"))?.workload).toMatchObject({ kind: "Pod", name: "bare" });
});

test("which containers' pods there are is known of those, too, that no policy has", () => {
  const assignment = new Assignment([policy], () => undefined);
  const [chosen, other, over] = [podOf("chosen", "web"), podOf("other", "db"), podOf("over", "web", "Failed")];
  expect([chosen, other, over].map((pod) => assignment.of(pod)?.policy)).toEqual([policy, undefined, policy]);
  expect(["chosen", "other", "over"].map((name) => assignment.isLive("a", `/Pod/${name}//app`))).toEqual([true, true, false]);
  expect(assignment.isLive("b", "/Pod/chosen//app")).toBe(false);
});
