import type { Graph, GraphNode } from "./reach-graph.ts";

const colours = { low: "#e8e8e8", medium: "#ffe9a8", high: "#ffc2a1", critical: "#ff9d9d" } as const;

/** As Mermaid has it: https://mermaid.js.org/syntax/flowchart.html */
export function mermaidOf({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const shape = { subject: ["([", "])"], role: ["[", "]"], risk: ["{{", "}}"] } as const;
  return [
    "flowchart LR",
    ...nodes.map(({ id, of, label }) => `  ${ids.get(id)}${shape[of][0]}"${mermaidText(label)}"${shape[of][1]}`),
    ...edges.map(({ from, to, label }) => `  ${ids.get(from)} -->|"${mermaidText(label)}"| ${ids.get(to)}`),
    ...nodes.flatMap(({ id, severity }) => (severity === undefined ? [] : [`  style ${ids.get(id)} fill:${colours[severity]}`])),
  ].join("\n");
}

function mermaidText(text: string): string {
  return text.replaceAll("#", "#35;").replaceAll('"', "#quot;").replaceAll("<", "#lt;").replaceAll(">", "#gt;");
}

/** As Graphviz has it: https://graphviz.org/doc/info/lang.html */
export function dotOf({ nodes, edges }: Graph): string {
  const shape = { subject: "ellipse", role: "box", risk: "hexagon" };
  return [
    "digraph permissions {",
    "  rankdir=LR;",
    ...nodes.map(
      ({ id, of, label, severity }) =>
        `  ${quoted(id)} [label=${quoted(label)}, shape=${shape[of]}${severity === undefined ? "" : `, style=filled, fillcolor="${colours[severity]}"`}];`,
    ),
    ...edges.map(({ from, to, label }) => `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(label)}];`),
    "}",
  ].join("\n");
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

const column = { subject: 20, role: 460, risk: 900 };
const width = 320;
const step = 44;

/** A page of its own that loads nothing: subjects, roles and risks in a column each. */
export function htmlOf({ nodes, edges }: Graph): string {
  const places = new Map<string, { x: number; y: number }>();
  for (const kind of ["subject", "role", "risk"] as const)
    for (const [index, { id }] of nodes.filter((node) => node.of === kind).entries())
      places.set(id, { x: column[kind], y: 40 + index * step });
  const height = Math.max(0, ...[...places.values()].map(({ y }) => y)) + step;
  const box = ({ id, label, severity }: GraphNode): string => {
    const { x, y } = places.get(id) ?? { x: 0, y: 0 };
    return `<g><rect x="${x}" y="${y}" width="${width}" height="32" rx="6" fill="${severity === undefined ? "#fff" : colours[severity]}" stroke="#555"/><text x="${x + 10}" y="${y + 21}">${escaped(shortened(label))}</text><title>${escaped(label)}</title></g>`;
  };
  const line = ({ from, to, label }: Graph["edges"][number]): string => {
    const [a, b] = [places.get(from), places.get(to)];
    if (a === undefined || b === undefined) return "";
    // What reaches back is drawn back.
    const [x, z] = a.x < b.x ? [a.x + width, b.x] : [a.x, b.x + width];
    return `<path d="M${x} ${a.y + 16} C${(x + z) / 2} ${a.y + 16} ${(x + z) / 2} ${b.y + 16} ${z} ${b.y + 16}" fill="none" stroke="#88a"><title>${escaped(label)}</title></path>`;
  };
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Who reaches what</title>
<style>body{font:14px sans-serif;margin:1em}text{font:13px sans-serif}path:hover{stroke:#c00;stroke-width:3}</style></head>
<body><h1>Who reaches what, through what</h1>
<svg xmlns="http://www.w3.org/2000/svg" width="${column.risk + width + 20}" height="${height}">
${edges.map(line).join("\n")}
${nodes.map(box).join("\n")}
</svg></body></html>`;
}

function shortened(text: string): string {
  return text.length > 44 ? `${text.slice(0, 43)}…` : text;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
