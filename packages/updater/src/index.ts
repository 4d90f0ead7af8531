export { updaterConfig, type UpdaterConfig } from "./config.ts";
export { updaterPermissions } from "./permissions.ts";
export { releaseIndex, type Release, type ReleaseIndex } from "./releases/release-index.ts";
export { isSigned, signIndex } from "./releases/signature.ts";
