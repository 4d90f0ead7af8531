export { severities, type Risk, type Severity } from "./danger.ts";
export { riskReference } from "./reference.ts";
export { nodesInReach } from "./nodes-in-reach.ts";
export type { Finding, Reach } from "./finding.ts";
export { isKnownRisk, riskIds } from "./known-risks.ts";
export { risks } from "./risks.ts";
