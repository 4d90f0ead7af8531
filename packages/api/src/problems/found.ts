import { formatPath } from "./path.ts";
import type { Problem } from "./problem.ts";

/** What a schema finds wrong. */
export interface Found extends Problem {
  /** The known field that an unknown one seems to be. */
  meant?: string | undefined;
  /** Whether there is nothing where there has to be something. */
  isMissing?: boolean;
}

/** Whether what is missing stands there, but by a name that is none: that is told already. */
export function isByAnotherName({ path, isMissing = false }: Found, others: readonly Found[]): boolean {
  const holder = formatPath(path.slice(0, -1));
  return isMissing && others.some((one) => one.meant === path.at(-1) && formatPath(one.path.slice(0, -1)) === holder);
}
