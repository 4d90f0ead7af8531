export { AiPipelineClusterRole, type AiPipelineClusterRoleArgs } from "./ai-pipeline-cluster-role.ts";
export { PlimsollRoles, type PlimsollRolesArgs } from "./plimsoll-roles.ts";
