import type { Colour, Dashboard, Panel, Row, Variable } from "./panel.ts";

const datasource = { type: "prometheus", uid: "${datasource}" };

const columns = 24;
const height = 8;

const colours: Record<string, Colour> = {
  Pending: "yellow",
  Running: "blue",
  Succeeded: "green",
  Failed: "red",
  Cancelled: "orange",
  Skipped: "purple",
  success: "green",
  error: "red",
  sent: "green",
  failed: "red",
  dropped: "orange",
};

/** A dashboard as Grafana 11 and newer import it. It holds no id: the data source is a variable. */
export function grafanaDashboard({ title, uid, description, variables, rows }: Dashboard): object {
  return {
    id: null,
    uid,
    title,
    description,
    tags: ["plimsoll"],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    timezone: "browser",
    time: { from: "now-6h", to: "now" },
    refresh: "1m",
    annotations: { list: [] },
    templating: { list: [datasourceVariable, ...variables.map(variableOf)] },
    panels: laidOut(rows),
  };
}

const datasourceVariable = {
  name: "datasource",
  label: "Data source",
  type: "datasource",
  query: "prometheus",
  regex: "",
  hide: 0,
  refresh: 1,
  multi: false,
  includeAll: false,
  options: [],
  current: {},
};

function variableOf({ name, label, series, isOptional, isHidden }: Variable): object {
  const query = `label_values(${series}, ${name})`;
  return {
    name,
    label,
    type: "query",
    datasource,
    definition: query,
    query: { query, refId: name },
    regex: "",
    hide: isHidden ? 2 : 0,
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    ...(isOptional && { allValue: ".*" }),
    options: [],
    current: { selected: true, text: ["All"], value: ["$__all"] },
  };
}

/** From left to right, a new line where a panel has no more room; ids are by the order. */
function laidOut(rows: readonly Row[]): object[] {
  const panels: object[] = [];
  let [x, y] = [0, 0];
  for (const { title, panels: inRow } of rows) {
    panels.push({ id: panels.length + 1, type: "row", title, collapsed: false, gridPos: { x: 0, y, w: columns, h: 1 }, panels: [] });
    y += 1;
    for (const panel of inRow) {
      const { width = 8 } = panel;
      if (x + width > columns) [x, y] = [0, y + height];
      panels.push({ id: panels.length + 1, ...panelOf(panel), gridPos: { x, y, w: width, h: height } });
      x += width;
    }
    [x, y] = [0, y + height];
  }
  return panels;
}

function panelOf(panel: Panel): object {
  const { title, description, unit, queries, kind = "timeseries", thresholds = [], isColoured } = panel;
  return {
    type: kind,
    title,
    ...(description !== undefined && { description }),
    datasource,
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        color: { mode: kind === "stat" ? "thresholds" : "palette-classic" },
        thresholds: {
          mode: "absolute",
          steps: [{ color: "green", value: null }, ...thresholds.map(([value, color]) => ({ color, value }))],
        },
        ...(kind === "timeseries" && { custom: graph(panel) }),
      },
      overrides: isColoured ? Object.entries(colours).map(([name, colour]) => coloured(name, colour)) : [],
    },
    options: kind === "stat" ? statOptions : graphOptions,
    targets: Object.entries(queries).map(([legendFormat, expr], index) => ({
      refId: String.fromCodePoint("A".charCodeAt(0) + index),
      datasource,
      editorMode: "code",
      expr,
      legendFormat,
      ...(kind === "stat" ? { instant: true } : { range: true }),
    })),
  };
}

function graph({ isStacked, thresholds }: Panel): object {
  return {
    drawStyle: "line",
    lineWidth: 1,
    fillOpacity: isStacked ? 30 : 0,
    showPoints: "auto",
    spanNulls: false,
    stacking: { mode: isStacked ? "normal" : "none", group: "A" },
    thresholdsStyle: { mode: thresholds ? "dashed" : "off" },
  };
}

function coloured(name: string, colour: Colour): object {
  return {
    matcher: { id: "byName", options: name },
    properties: [{ id: "color", value: { mode: "fixed", fixedColor: colour } }],
  };
}

const graphOptions = {
  legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
  tooltip: { mode: "multi", sort: "desc" },
};

const statOptions = {
  reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
  colorMode: "background",
  graphMode: "none",
  justifyMode: "auto",
  orientation: "auto",
  textMode: "value_and_name",
};
