import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The checkout's folder. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Where the repository is on the web, as the root's package.json says it: the one place where that stands. */
export function repositoryUrl(): string {
  const { repository } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { repository: { url: string } };
  return repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
}
