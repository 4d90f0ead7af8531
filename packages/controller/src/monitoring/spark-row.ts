import type { Row } from "./panel.ts";
import { hourly, rate, target } from "./query.ts";

const duration = "plimsoll_spark_attempt_duration_seconds";

const attempt = (quantile: number): string =>
  `histogram_quantile(${quantile}, sum by (le) (${hourly(`${duration}_bucket`, `${target},result="succeeded"`)}))`;

export const ofSpark: Row = {
  title: "Spark applications",
  panels: [
    {
      title: "Applications by state",
      description: "Where the feature spark is enabled; those that have ended are among them until they are deleted.",
      unit: "short",
      isStacked: true,
      queries: { "{{state}}": `sum by (state) (max by (job, namespace, state) (plimsoll_spark_applications{${target}}))` },
    },
    {
      title: "Drivers made, and attempts that ended, a minute",
      description: "Refused: the API server took no driver; the application's state SUBMISSION_FAILED says why.",
      unit: "cpm",
      isColoured: true,
      queries: {
        "{{result}}": `60 * sum by (result) (${rate(`${duration}_count`)})`,
        "driver {{result}}": `60 * sum by (result) (${rate("plimsoll_spark_submissions_total")})`,
      },
    },
    {
      title: "Duration of attempts that succeeded",
      description: "Of those that ended in the hour before.",
      unit: "s",
      queries: { p50: attempt(0.5), p95: attempt(0.95) },
    },
  ],
};
