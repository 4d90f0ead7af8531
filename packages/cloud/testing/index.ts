export { startComputeEngine, type ComputeEngine } from "./compute-engine.ts";
export { startMoto, type Moto } from "./moto.ts";
export { startResourceManager, type ResourceManager } from "./resource-manager.ts";
