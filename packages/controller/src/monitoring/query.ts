/**
 * Others' programs have metrics of the same names, and a process outside a cluster has no pod: so series are chosen by job and instance, and
 * these are found by a metric that only Plimsoll has.
 */
export const target = 'job=~"$job",instance=~"$instance"';

/** How much a counter grows a second. */
export const rate = (metric: string, matchers = target): string => `rate(${metric}{${matchers}}[$__rate_interval])`;

/** Runs that end are seldom: an hour holds enough of them to be told of. */
export const hourly = (metric: string, matchers = target): string => `increase(${metric}{${matchers}}[1h])`;

/** A quantile of a histogram, for each value of a label. */
export const quantileOf = (quantile: number, histogram: string, label: string): string =>
  `histogram_quantile(${quantile}, sum by (le, ${label}) (${rate(`${histogram}_bucket`)}))`;
