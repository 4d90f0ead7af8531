import { expect, test } from "vitest";
import { namedIn } from "./promql.ts";

test.each([
  ["up == 0", ["up"], []],
  [
    'sum by (le, pipeline) (rate(runs_bucket{phase="a or b",job=~"$job"}[$__rate_interval]))',
    ["runs_bucket"],
    ["job", "le", "phase", "pipeline"],
  ],
  ["sum(a) by (x) / ignoring(y) group_left(z) b > 1e3", ["a", "b"], ["x", "y", "z"]],
  ['label_replace(a, "to", "$1", "from", "(.*)") or vector(0)', ["a"], []],
  ["deriv(sum(a{b!~'c}'})[5m:30s]) # d", ["a"], ["b"]],
  ["a unless on () absent(b) offset 5m", ["a", "b"], []],
  ['{__name__="a"}', [], ["__name__"]],
])("in %s", (expression, metrics, labels) => {
  const named = namedIn(expression);
  expect([...named.metrics].sort()).toEqual(metrics);
  expect([...named.labels].sort()).toEqual(labels);
});
