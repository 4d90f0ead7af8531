import { called, crossed } from "../crossed.ts";

const versions =
  "1.0.0 0.1.2 1.30.0 1.9.0 2.0.0-rc.1 2.0.0-rc.2 2.0.0-rc.10 2.0.0-rc 2.0.0-alpha 2.0.0-1 2.0.0-1a 2.0.0-- 2.0.0 1.0.0+a 1.0.0+b.1 1.0.0-a+b 1.0.0+a-b 18446744073709551615.0.0".split(
    " ",
  );
const odd =
  " 1 1.0 v1.0.0 v1 v1.2 01.0.0 1.01.0 1.0.01 01.01.01 00.0.0 000.00.0 1.0.0- 1.0.0+ 1.0.0-a..b 1.0.0-01 1.0.0-0 1.0.0-00a 1.0.0-é 1.0.0.0 1.2.3.4-rc 1.x.0 -1.0.0 1.0-rc v1-rc 1.0.0-rc_1 18446744073709551616.0.0 1.0.0-18446744073709551616 V1.0.0 vv1.0.0 hello 1..0 .1.2 0-a.1.2 01-a.1.2".split(
    " ",
  );

export const semantic: readonly string[] = [
  ...[...versions, ...odd].flatMap((text) =>
    crossed(["isSemver"], [`"${text}"`, `"${text}", true`, `"${text}", false`]).concat(
      called([`semver("${text}")`, `semver("${text}", true)`], ["major()", "minor()", "patch()", 'compareTo(semver("1.2.3"))']),
    ),
  ),
  ...versions.flatMap((a) =>
    versions.flatMap((b) => [
      `semver("${a}").compareTo(semver("${b}"))`,
      `semver("${a}").isLessThan(semver("${b}"))`,
      `semver("${a}").isGreaterThan(semver("${b}"))`,
      `semver("${a}") == semver("${b}")`,
    ]),
  ),
  "semver(1)",
  'semver("1.0.0").isLessThan("2.0.0")',
  'semver("1.0.0") < semver("2.0.0")',
];
