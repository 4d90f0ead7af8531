import { comprehensions } from "./comprehensions.ts";
import { conversions } from "./conversions.ts";
import { formats } from "./formats.ts";
import { internet } from "./kubernetes/addresses.ts";
import { quantities } from "./kubernetes/quantities.ts";
import { addressesOfPages } from "./kubernetes/urls.ts";
import { semantic } from "./kubernetes/versions.ts";
import { listsAndMaps } from "./lists.ts";
import { numbers } from "./numbers.ts";
import { optionals } from "./optionals.ts";
import { regexes } from "./regexes.ts";
import { texts } from "./texts.ts";
import { times } from "./times.ts";

/** What the expressions see; the Go program has the same. */
export const params = { m: { a: 1, nul: null }, xs: [3, 1, 2] };

/** Expressions of which cel-go and we say the same, by what they are about. */
export const shared: Readonly<Record<string, readonly string[]>> = {
  conversions,
  times,
  texts,
  formats,
  comprehensions,
  "lists and maps": listsAndMaps,
  "optional values": optionals,
  "regular expressions": regexes,
  numbers,
  quantities,
  "addresses and networks": internet,
  "semantic versions": semantic,
  URLs: addressesOfPages,
};
