import { aiPipeline, rulesOf } from "@plimsoll/permissions/roles";
import { expect, test } from "vitest";
import { registrations } from "../testing/index.ts";

test("the example's program makes the published role and exports its name", async () => {
  const registered = await registrations(() => import("../../../examples/pulumi/index.ts"));
  expect(registered[0]?.outputs).toEqual({ clusterRoleName: "ai-pipeline-cluster-role" });
  expect(registered.at(-1)?.inputs).toMatchObject({ kind: "ClusterRole", rules: rulesOf(aiPipeline) });
});
