export { bigDataKinds, environments } from "./big-data.ts";
export { InventoryController } from "./controller.ts";
export { inventory } from "./feature.ts";
