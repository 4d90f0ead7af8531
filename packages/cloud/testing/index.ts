export { startComputeEngine, type ComputeEngine } from "./compute-engine.ts";
export { startEntra } from "./entra.ts";
export { failure, inFrontOf, type Front } from "./front.ts";
export { startMoto, type Moto } from "./moto.ts";
export { startProxy } from "./proxy.ts";
export { startResourceManager, token as azureToken } from "./resource-manager.ts";
export type { Answer } from "./server.ts";
