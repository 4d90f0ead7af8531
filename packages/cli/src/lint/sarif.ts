import { isAbsolute, relative, sep } from "node:path";

/** One run of a program as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/): the rules that it has, and what it found. */
export function sarifLog(driver: { name: string; semanticVersion: string; rules: readonly object[] }, results: readonly object[]): object {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, results, columnKind: "utf16CodeUnits" }],
  };
}

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
