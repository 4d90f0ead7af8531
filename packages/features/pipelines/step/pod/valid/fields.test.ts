import { problemsIn, pipeline } from "@plimsoll/api";
import { expect, test } from "vitest";
import shapes from "./shapes.json" with { type: "json" };

const fields = [...new Set([...Object.keys(shapes.V1PodSpec), ...Object.keys(shapes.V1Container)])];

function unknownOf(step: object): string[] {
  const spec = { steps: [{ name: "a", image: "b", ...step }] };
  const [{ schema }] = pipeline.versions;
  const object = { apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", metadata: { name: "a" }, spec };
  return problemsIn(schema, object).flatMap(({ message }) => (message.startsWith("there is no such field") ? [message] : []));
}

test.each(fields)("Kubernetes' %s of a pod or a container is a field of a step, or it is told what to write instead", (field) => {
  for (const message of unknownOf({ [field]: {} })) expect(message).not.toMatch(/; there is |did you mean/);
});

test.each(fields)("%s is so in pod", (field) => {
  for (const message of unknownOf({ pod: { [field]: {} } })) expect(message).not.toMatch(/; there is |did you mean/);
});
