export { updaterRules } from "./permissions.ts";
export { releaseIndex, type Release, type ReleaseIndex } from "./releases/release-index.ts";
export { isSigned, signIndex } from "./releases/signature.ts";
