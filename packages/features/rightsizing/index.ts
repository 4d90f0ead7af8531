export { rightsizingWith } from "./feature.ts";
