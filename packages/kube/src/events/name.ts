const longest = 253;

/** `OBJECT.SUFFIX`, as events are named, made a DNS subdomain where the object's own name is none. `suffix` has letters and digits alone. */
export function eventName(object: string, suffix: string): string {
  const labels = object
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, "-")
    .slice(0, longest - suffix.length - 1)
    .split(".")
    .map((label) => label.replaceAll(/^-+|-+$/g, ""));
  return [...labels, suffix].filter((label) => label !== "").join(".");
}
