import { parse } from "semver";

/** What is to be said of a controller's version beside this program's: the same minor or one below is supported; undefined for fine. */
export function skewOf(client: string, controller: string): string | undefined {
  const [ours, theirs] = [parse(client), parse(controller)];
  if (ours === null || theirs === null) return `"${controller}" is no version that can be compared`;
  const isNear = ours.major === theirs.major && (ours.minor === theirs.minor || ours.minor === theirs.minor + 1);
  if (isNear) return undefined;
  const isNewer = theirs.compare(ours) > 0;
  return `it is ${isNewer ? "newer than" : "too old for"} this program: ${isNewer ? "take a newer plimsoll" : "plimsoll upgrade"}`;
}
