export { startComputeEngine, type ComputeEngine } from "./compute-engine.ts";
export { failure, inFrontOf, type Front } from "./front.ts";
export { startMoto, type Moto } from "./moto.ts";
export { startResourceManager, type ResourceManager } from "./resource-manager.ts";
export type { Answer } from "./server.ts";
