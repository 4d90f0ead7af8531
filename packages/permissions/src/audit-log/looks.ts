import { isEvent } from "./events.ts";
import { isRecord, parseJson } from "./json.ts";

const unpack = (program: string): string => `unpack it: ${program} FILE | plimsoll permissions infer --audit-log -`;

/** What begins so. Bytes that aren't UTF-8 are read as U+FFFD. */
const beginnings: readonly [begins: RegExp, is: string][] = [
  [/^\(\ufffd\/\ufffd/, `is packed by zstd: ${unpack("zstd -dc")}`],
  [/^\ufffd7zXZ/, `is packed by xz: ${unpack("xz -dc")}`],
  [/^BZh\d/, `is packed by bzip2: ${unpack("bzip2 -dc")}`],
  [/^PK[^\w\s]{2}/, `is a ZIP archive: ${unpack("unzip -p")}`],
  [/^PAR1/, "is Parquet: have its database print JSON, an event a line"],
  [/^Obj[^\w\s]/, "is Avro: have avro-tools tojson print JSON, a record a line"],
  [/^[^\n]{100}[^\n]*ustar/, `is a tar archive: ${unpack("tar -xOf")}`],
  [/^[^\n]{0,4}\0/, `is UTF-16: have iconv write UTF-8: ${unpack("iconv -f UTF-16 -t UTF-8")}`],
  [/^[IWEF]\d{4} \d\d:/, "is a program's own log: --audit-log-path of kube-apiserver says where the audit log is"],
  [/^(apiVersion: |kind: |---)/, "is YAML, as an audit policy is: the log is what --audit-log-path of kube-apiserver names"],
  [/^</, "is HTML or XML, as an error or a page to log in on is"],
];

/** What a text that holds no event looks like, and how to come to the events where that shows; undefined where nothing does. */
export function looksOf(text: string): string | undefined {
  const known = beginnings.find(([begins]) => begins.test(text))?.[1];
  if (known !== undefined) return known;
  if (text.includes("[Truncated...]")) return "is an event that CloudWatch has cut";
  const value = parseJson(text);
  if (value === undefined) return text.startsWith("{") || text.startsWith("[") ? "is JSON that is cut or broken" : undefined;
  const path = pathToEvent(value);
  if (path !== undefined) return `has events within: jq -c '${path}' FILE | plimsoll permissions infer --audit-log -`;
  if (!isRecord(value)) return undefined;
  const fields = Object.keys(value);
  if (value["auditID"] !== undefined)
    return `lacks what an event has: ${["stage", "verb", "requestURI"].filter((field) => value[field] === undefined).join(", ") || "fields of the right types"}`;
  return fields.length === 0
    ? "is an empty JSON object"
    : `is a JSON object with ${fields.slice(0, 6).join(", ")}${fields.length > 6 ? ", …" : ""}`;
}

/** Of the first event within, what jq prints it by. */
function pathToEvent(value: unknown): string | undefined {
  if (isEvent(value)) return ".";
  if (typeof value === "string" && value.includes('"auditID"')) return joined("fromjson", pathToEvent(parseJson(value)));
  const steps = Array.isArray(value)
    ? value.slice(0, 10).map((one: unknown) => [".[]", one] as const)
    : isRecord(value)
      ? Object.entries(value).map(([key, one]) => [/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `.[${JSON.stringify(key)}]`, one] as const)
      : [];
  for (const [step, one] of steps) {
    const path = joined(step, pathToEvent(one));
    if (path !== undefined) return path;
  }
  return undefined;
}

function joined(step: string, path: string | undefined): string | undefined {
  return path === undefined || path === "." ? path && step : `${step} | ${path}`;
}
