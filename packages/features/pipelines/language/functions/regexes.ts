import { CelScalar, celFunc, celList, celMethod, listType } from "@bufbuild/cel";
import { RE2JS } from "re2js";

const { BOOL, INT, STRING } = CelScalar;
const TEXTS = listType(STRING);

/** Functions of a text and a regular expression. */
export const patternFunctions: ReadonlySet<string> = new Set(["matches", "find", "findAll"]);

/** Regular expressions, which are RE2's, as Go's are. */
export const regexes = [
  celFunc("matches", [STRING, STRING], BOOL, (text, pattern) => RE2JS.compile(pattern).test(text)),
  celMethod("find", STRING, [STRING], STRING, function (pattern) {
    return found(this, pattern, 1)[0] ?? "";
  }),
  celMethod("findAll", STRING, [STRING], TEXTS, function (pattern) {
    return celList(found(this, pattern, Infinity));
  }),
  celMethod("findAll", STRING, [STRING, INT], TEXTS, function (pattern, most) {
    return celList(found(this, pattern, most < 0n ? Infinity : Number(most)));
  }),
];

/** The first parts that match; an empty one not right behind another, as in Go. */
function found(text: string, pattern: string, most: number): string[] {
  const matcher = RE2JS.compile(pattern).matcher(text);
  const parts: string[] = [];
  let end = -1;
  while (parts.length < most && matcher.find()) {
    const part = matcher.group() ?? "";
    if (part !== "" || matcher.start() !== end) parts.push(part);
    end = matcher.end();
  }
  return parts;
}
