import { CelScalar, celFunc, celList, celMap, celMethod, listType, mapType } from "@bufbuild/cel";
import { kindOf } from "./kind.ts";
import { isUrl, parseUrl, queryOf, type Url } from "./url.ts";

const { BOOL, STRING } = CelScalar;

const kind = kindOf<Url>("kubernetes.URL");
const URL = kind.type;

/** The parts of URLs, as in `url(params.source).getHost()`. */
export const urls = [
  celFunc("url", [STRING], URL, (text) => {
    const url = parseUrl(text);
    if (url === undefined)
      throw new Error(`"${text.slice(0, 60)}" is no URL: write it whole, as in https://example.com/path, or as a path from /`);
    return kind.make(text, url);
  }),
  celFunc("isURL", [STRING], BOOL, isUrl),
  ...Object.entries({
    getScheme: ({ scheme }: Url) => scheme,
    getHost: ({ host }: Url) => host,
    getHostname: ({ hostname }: Url) => hostname,
    getPort: ({ port }: Url) => port,
    getEscapedPath: ({ path }: Url) => path,
  }).map(([name, part]) =>
    celMethod(name, URL, [], STRING, function () {
      return part(kind.of(this));
    }),
  ),
  celMethod("getQuery", URL, [], mapType(STRING, listType(STRING)), function () {
    return celMap(new Map([...queryOf(kind.of(this).query)].map(([key, values]) => [key, celList(values)])));
  }),
];
