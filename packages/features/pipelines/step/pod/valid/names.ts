import { isLabelKey, isLabelValue } from "@plimsoll/api";

/** Says what a text must be, where it isn't; as k8s.io/apimachinery/pkg/util/validation does. */
export type Rule = (text: string) => string | undefined;

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/** A name of one word, of at most 63 characters (RFC 1123). */
export const wordName = pattern(
  new RegExp(`^${label}$`),
  63,
  "lower-case letters, digits and dashes, that begin and end with a letter or a digit",
);

/** A name of an object: words with dots between them, of at most 253 characters together. */
export const objectName = pattern(
  new RegExp(`^${label}(\\.${label})*$`),
  253,
  "lower-case letters, digits, dashes and dots, where each part begins and ends with a letter or a digit",
);

/** A key of a Secret or a ConfigMap. */
export const dataKey: Rule = (text) =>
  text === "." || text.startsWith("..")
    ? "a key that doesn't begin with two dots"
    : pattern(/^[-._a-zA-Z0-9]+$/, 253, "letters, digits, dashes, underscores and dots")(text);

/** The name of a variable: whatever can be printed, but for the equals sign. */
export const variableName = pattern(/^[ -<>-~]+$/, Infinity, "characters of ASCII that can be printed, without =");

/** The value of a label. */
export const labelValue: Rule = (text) =>
  isLabelValue(text) ? undefined : "at most 63 letters, digits, dashes, underscores and dots, that begin and end with a letter or a digit";

/** The name of a label, of a taint, or of a resource: with a domain and a slash before it, or without. */
export const qualifiedName: Rule = (text) => (isLabelKey(text) ? undefined : "a name as in team or example.com/team");

/** A path that never goes up. */
export const withinPath: Rule = (text) => (text.split("/").includes("..") ? "a path without .." : undefined);

/** A path that stays within its folder. */
export const innerPath: Rule = (text) => (text.startsWith("/") ? "a path that doesn't begin with a slash" : withinPath(text));

/** The same, of a file that is written there. */
export const ownPath: Rule = (text) => innerPath(text) ?? (text.startsWith("..") ? "a path that doesn't begin with two dots" : undefined);

/** A port by its number or its name. */
export const port = (value: number | string): string | undefined => {
  if (typeof value === "number") return value >= 1 && value <= 65_535 ? undefined : "from 1 to 65535";
  return value.length <= 15 && /^[a-z0-9]([a-z0-9]|-(?!-))*$/.test(value) && /[a-z]/.test(value) && !value.endsWith("-")
    ? undefined
    : "a port's number, or its name: at most 15 lower-case letters, digits and single dashes, one of them a letter";
};

function pattern(form: RegExp, longest: number, what: string): Rule {
  const most = longest === Infinity ? "" : `at most ${longest} `;
  return (text) => (form.test(text) && text.length <= longest ? undefined : `${most}${what}`);
}
