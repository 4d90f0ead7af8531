import type { Path, Problem } from "@plimsoll/api";
import { parseQuantity } from "@plimsoll/model/quantity";
import { named, once } from "./check.ts";
import { qualifiedName, wordName } from "./names.ts";

type Amounts = Readonly<Record<string, string | number>>;

/** What a container asks for and may use. */
export interface Resources {
  requests?: Amounts;
  limits?: Amounts;
  claims?: readonly { name?: string; request?: string }[];
}

const standard = new Set(["cpu", "memory", "ephemeral-storage"]);
const nano = 1_000_000_000n;

/** Below it a container ends before it begins, and below 3Mi its pod's sandbox is made again for ever (containerd 2.4 with runc). */
const leastMemory = 4n * 2n ** 20n * nano;

/** What is wrong with what a container asks for and may use. */
export function* resourceProblems(
  { requests = {}, limits = {}, claims = [] }: Resources,
  claimed: ReadonlySet<string>,
  path: Path,
): Generator<Problem> {
  yield* amountProblems(limits, [...path, "limits"]);
  yield* amountProblems(requests, [...path, "requests"]);
  const memory = parseQuantity(limits["memory"] ?? 0) ?? 0n;
  if (memory > 0n && memory < leastMemory)
    yield {
      path: [...path, "limits", "memory"],
      message: `is ${limits["memory"]}: no container starts with less than 4Mi; Mi are mebibytes, and m thousandths of a byte`,
    };
  for (const [name, amount] of Object.entries(requests)) {
    const at = [...path, "requests", name];
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
    const [asked, most] = [parseQuantity(amount), limit === undefined ? undefined : parseQuantity(limit)];
    const isShared = isNative(name) && !isHugePages(name);
    if (limit === undefined) {
      if (!isShared)
        yield { path: [...path, "limits"], message: `has no ${name}, which requests have: it can't be shared, so give the same limit` };
    } else if (asked !== undefined && most !== undefined && (asked > most || (asked < most && !isShared)))
      yield {
        path: at,
        message: `is ${amount}, and its limit ${limit}: ${isShared ? "a request can't be above the limit" : "it can't be shared, so both must be the same"}`,
      };
  }
  const names = [...Object.keys(requests), ...Object.keys(limits)];
  if (names.some(isHugePages) && !names.some((name) => name === "cpu" || name === "memory"))
    yield { path, message: "has huge pages, but neither cpu nor memory: give one of them, too" };
  yield* claimProblems(claims, claimed, [...path, "claims"]);
}

function* claimProblems(claims: NonNullable<Resources["claims"]>, claimed: ReadonlySet<string>, path: Path): Generator<Problem> {
  for (const [index, { name = "", request }] of claims.entries()) {
    if (!claimed.has(name)) yield { path: [...path, index, "name"], message: `there is no claim "${name}" in the pod's resourceClaims` };
    yield* named(request, wordName, [...path, index, "request"]);
  }
  const whole = new Set(claims.filter(({ request }) => request === undefined).map(({ name }) => name));
  for (const [index, { name, request }] of claims.entries())
    if (request !== undefined && whole.has(name))
      yield { path: [...path, index], message: `all of the claim "${name}" is taken already: take one of them out` };
  yield* once(
    claims.map(({ name, request = "" }) => `${name}/${request}`),
    (index) => [...path, index],
  );
}

function* amountProblems(amounts: Amounts, path: Path): Generator<Problem> {
  for (const [name, amount] of Object.entries(amounts)) {
    const at = [...path, name];
    const value = parseQuantity(amount) ?? 0n;
    if (qualifiedName(name) !== undefined || !isResource(name)) {
      yield {
        path: at,
        message:
          "there is no such resource: give cpu, memory, ephemeral-storage, hugepages-SIZE, or one with its domain, as in nvidia.com/gpu",
      };
      continue;
    }
    if (value < 0n) yield { path: at, message: `is ${amount}: can't be less than none` };
    if (!isNative(name) && value % nano !== 0n) yield { path: at, message: `is ${amount}: there are whole ones alone` };
    if (isHugePages(name) && !isWholePages(name, value))
      yield { path: at, message: `is ${amount}: must be whole pages of ${name.slice("hugepages-".length)}` };
  }
}

function isResource(name: string): boolean {
  if (!name.includes("/")) return standard.has(name) || isHugePages(name);
  return isNative(name) || (!name.startsWith("requests.") && qualifiedName(`requests.${name}`) === undefined);
}

function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

function isWholePages(name: string, value: bigint): boolean {
  const page = parseQuantity(name.slice("hugepages-".length));
  return page !== undefined && page > 0n && page % nano === 0n && value % page === 0n;
}
