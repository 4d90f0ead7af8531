import type { Values } from "./values/values.ts";

/** What is installed, and where. */
export interface Installation {
  values: Values;
  /** Where the controller lives. */
  namespace: string;
  /** Of Plimsoll: the images' tag. */
  version: string;
}
