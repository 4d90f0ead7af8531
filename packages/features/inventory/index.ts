export { InventoryController } from "./controller.ts";
export { inventory } from "./feature.ts";
