/** What a person reads at a glance: one graph, or one figure. */
export interface Panel {
  title: string;
  /** What it shows, and when to worry. */
  description?: string;
  unit: Unit;
  /** Legend → PromQL. */
  queries: Record<string, string>;
  /** A graph over time by default; or the last value alone. */
  kind?: "timeseries" | "stat";
  /** Of the 24 columns of the page. Default 8. */
  width?: number;
  isStacked?: boolean;
  /** From which value on which colour; green below. */
  thresholds?: [from: number, colour: Colour][];
  /** Whether a series whose name is a phase or a result has the colour of it. */
  isColoured?: boolean;
}

export interface Row {
  title: string;
  panels: Panel[];
}

/** A choice at the head of the page, of what a label's values are. */
export interface Variable {
  name: string;
  label: string;
  /** PromQL, of whose series the values are. */
  series: string;
  /** Whether "All" is every value there may be, none too; else it is those that were found. */
  isOptional?: boolean;
  isHidden?: boolean;
}

export interface Dashboard {
  title: string;
  uid: string;
  description: string;
  variables: Variable[];
  rows: Row[];
}

/** Grafana's names: counts a minute are `cpm`, requests a second `reqps`. */
type Unit = "short" | "s" | "percentunit" | "bytes" | "cpm" | "ops" | "reqps";

export type Colour = "green" | "yellow" | "orange" | "red" | "blue" | "purple";
