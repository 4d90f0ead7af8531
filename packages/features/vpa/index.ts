export { vpa } from "./feature.ts";
