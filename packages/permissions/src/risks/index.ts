export { severities, type Risk, type Severity } from "./danger.ts";
export { riskReference } from "./reference.ts";
export { nodesInReach } from "./nodes-in-reach.ts";
export { risks, type Finding, type Reach } from "./risks.ts";
