import { AiPipelineClusterRole } from "@plimsoll/pulumi";

// The published role, rule for rule. `least: true`, or `for: ["../digits/pipeline.yaml"]`, gives a smaller one.
const role = new AiPipelineClusterRole("ai-pipeline-cluster-role");

export const clusterRoleName = role.clusterRoleName;
