import { createTwoFilesPatch } from "diff";
import type { Paint } from "../output/paint.ts";

/** The lines that differ, each with three around it, as `diff -u` prints them; empty where none do. */
export function patchText(title: string, live: string, wanted: string, paint: Paint): string {
  if (live === wanted) return "";
  const text = createTwoFilesPatch(
    live === "" ? "/dev/null" : `live/${title}`,
    wanted === "" ? "/dev/null" : `set/${title}`,
    live,
    wanted,
    undefined,
    undefined,
    {
      context: 3,
    },
  );
  return text
    .split("\n")
    .slice(1, -1)
    .map((line) => painted(line.replace(/\t$/, ""), paint))
    .join("\n");
}

function painted(line: string, paint: Paint): string {
  if (line.startsWith("---") || line.startsWith("+++")) return paint("bold", line);
  if (line.startsWith("@@")) return paint("cyan", line);
  if (line.startsWith("-")) return paint("red", line);
  return line.startsWith("+") ? paint("green", line) : line;
}
