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

test("which containers' pods there are is known of those, too, that no policy has", () => {
  const assignment = new Assignment([policy], () => undefined);
  const [chosen, other, over] = [podOf("chosen", "web"), podOf("other", "db"), podOf("over", "web", "Failed")];
  expect([chosen, other, over].map((pod) => assignment.of(pod)?.policy)).toEqual([policy, undefined, policy]);
  expect(["chosen", "other", "over"].map((name) => assignment.isLive("a", `/Pod/${name}//app`))).toEqual([true, true, false]);
  expect(assignment.isLive("b", "/Pod/chosen//app")).toBe(false);
});
