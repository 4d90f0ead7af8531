import { arithmetic } from "./arithmetic.ts";
import { conversions } from "./conversions.ts";
import { equality } from "./equality.ts";
import { formats } from "./format.ts";
import { addresses } from "./kubernetes/addresses.ts";
import { quantities } from "./kubernetes/quantities.ts";
import { urls } from "./kubernetes/urls.ts";
import { versions } from "./kubernetes/versions.ts";
import { lists } from "./lists.ts";
import { optionals } from "./optionals.ts";
import { own } from "./own.ts";
import { regexes } from "./regexes.ts";
import { texts } from "./texts.ts";
import { times } from "./times.ts";

/** What expressions can call beside the library's own functions, or in place of these where cel-go answers otherwise. */
export const functions = [
  ...arithmetic,
  ...equality,
  ...conversions,
  ...times,
  ...texts,
  ...formats,
  ...lists,
  ...optionals,
  ...own,
  ...regexes,
  ...quantities,
  ...addresses,
  ...versions,
  ...urls,
];
