import type { Command } from "commander";
import { UsageError } from "../../failure.ts";
import { titleOf, type SourcedRole } from "../objects/role.ts";

/** Adds `--select`, by which a command looks at some roles only. */
export function withSelect(command: Command): Command {
  return command.option(
    "--select <pattern...>",
    "only these roles: NAME, KIND/NAME or role/NAMESPACE/NAME, in which * stands for any text",
  );
}

/** Those of the things whose role is selected. Throws a UsageError for a pattern that fits none. */
export function selected<T>(all: readonly T[], patterns: readonly string[] | undefined, roleOf: (one: T) => SourcedRole): T[] {
  if (patterns === undefined) return [...all];
  for (const pattern of patterns)
    if (!all.some((one) => fits(roleOf(one), pattern)))
      throw new UsageError(
        `--select ${pattern}: fits none of ${[...new Set(all.map((one) => titleOf(roleOf(one))))].join(", ") || "no roles"}`,
      );
  return all.filter((one) => patterns.some((pattern) => fits(roleOf(one), pattern)));
}

function fits(role: SourcedRole, pattern: string): boolean {
  const { name = "", namespace = "" } = role;
  const kind = role.kind?.toLowerCase() ?? "";
  const wanted = pattern.replace(/^[^/]+(?=\/)/, (kind) => kind.toLowerCase().replace(/s$/, ""));
  const expression = new RegExp(`^${wanted.split("*").map(RegExp.escape).join(".*")}$`, "s");
  return [name, `${kind}/${name}`, `${kind}/${namespace}/${name}`].some((one) => expression.test(one));
}
