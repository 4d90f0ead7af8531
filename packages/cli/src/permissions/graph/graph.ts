import { severities, type Severity } from "@plimsoll/permissions/risks";
import { Command, Option } from "commander";
import { readBound, withBound, type BoundOptions } from "../sources/bound-source.ts";
import { withFormat } from "../format.ts";
import { dotOf, htmlOf, mermaidOf } from "./graph-text.ts";
import { reachGraph, type Graph } from "./reach-graph.ts";
import { subjectFilter } from "../subjects/subject-filter.ts";
import { summaries } from "../summaries.ts";

const formats: Record<string, (graph: Graph) => string> = {
  mermaid: mermaidOf,
  dot: dotOf,
  html: htmlOf,
  json: (graph) => JSON.stringify(graph, null, 2),
};

/** `plimsoll permissions graph`: who reaches what through what, to be drawn. */
export function graphCommand(): Command {
  return withFormat(withBound(new Command("graph")), "mermaid", "dot", "html", "json")
    .description(summaries.graph.description)
    .addOption(new Option("--at-least <severity>", "risks of this severity or worse").choices(severities).default("high"))
    .addHelpText(
      "after",
      "\nWho makes pods in a namespace with the label pod-security.kubernetes.io/enforce=privileged reaches the nodes that they run on; beside a ServiceAccount with a cloud's annotation, who that is in the cloud.\n\nExamples:\n  plimsoll permissions graph --rules deploy/ > graph.mmd\n  plimsoll permissions graph -o html > graph.html\n  plimsoll permissions graph -n team-a --at-least critical -o dot | dot -Tsvg > graph.svg",
    )
    .action(async (options: BoundOptions & { atLeast: Severity; output: string }) => {
      const { bindings, ...around } = await readBound(options, { judged: true });
      const within = bindings.filter(({ namespace }) => options.namespace === undefined || namespace === options.namespace);
      const graph = reachGraph(within, options.atLeast, subjectFilter(options.subjects), around);
      if (graph.nodes.length === 0)
        console.error(`nobody reaches a risk of severity ${options.atLeast}${options.atLeast === "critical" ? "" : " or worse"}`);
      console.log(formats[options.output]?.(graph));
    });
}
