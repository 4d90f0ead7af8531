export { aiPipeline } from "./ai-pipeline.ts";
export { oceanAutoUpdaterClusterRole, oceanAutoUpdaterRole } from "./ocean-auto-updater.ts";
export { oceanChart, oceanController } from "./ocean-controller.ts";
export { oceanExtension, oceanExtensionSubject } from "./ocean-extension.ts";
export { rulesOf, type ReferenceRole, type ReferenceSection } from "./reference.ts";
