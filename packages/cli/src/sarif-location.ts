import { isAbsolute, relative, sep } from "node:path";

/** A line of a file as SARIF names it: a path within the folder is relative to the checkout's root, another as it is. */
export function locationIn(file: string, line: number | undefined, folder: string): object {
  return { artifactLocation: uriOf(file, folder), ...(line !== undefined && { region: { startLine: line } }) };
}

function uriOf(file: string, folder: string): object {
  if (file === "-") return { uri: "stdin" };
  const path = isAbsolute(file) ? file : `${folder}${sep}${file}`;
  const within = relative(folder, path).split(sep).map(encodeURIComponent).join("/");
  return within.startsWith("..")
    ? { uri: `file://${path.split(sep).map(encodeURIComponent).join("/")}` }
    : { uri: within, uriBaseId: "%SRCROOT%" };
}
