export type { Cloud, Verdict } from "./cloud.ts";
