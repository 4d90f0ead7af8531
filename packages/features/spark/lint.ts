/** The way in for who checks files alone. */
export { checkedSpec } from "./check.ts";
export { problemsOf } from "./manifest.ts";
