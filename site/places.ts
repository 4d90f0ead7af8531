import { join } from "node:path";
import { root } from "./repository.ts";

/** The site's pages before they are built: a copy of docs/, the README and the packages' reference. Made anew by each build. */
export const pages = join(root, "site/pages");

/** The built site. */
export const output = join(root, "site/dist");
