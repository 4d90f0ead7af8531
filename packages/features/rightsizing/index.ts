export { rightsizing } from "./feature.ts";
