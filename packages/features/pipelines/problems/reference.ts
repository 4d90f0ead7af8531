import { namesakesIn, problemRules, problemText, readManifests, unlistedIn, type Problem, type ProblemRule } from "@plimsoll/api";
import { problemsOf } from "../plan/manifest.ts";
import { examples } from "./examples.ts";

/** A page in Markdown of what lint finds: each sort of problems, and for each problem a file that has it, with what is said. */
export function problemReference(): string {
  const rules = Object.entries(problemRules) as [ProblemRule, string][];
  return [
    "# What lint finds",
    "Each problem is told with its file, line, field and remedy. `-o json`, `-o sarif` and `-o github` name its sort, as the headings here do. Examples that begin with a `-` are the steps of a Pipeline. This page is made from the source by `npm run generate`: lint has said all of it.",
    ...rules.flatMap(([rule, text]) => [`## ${rule}`, text, ...examples[rule].map(shown)]),
  ]
    .join("\n\n")
    .concat("\n");
}

/** What lint says of an example. */
export function problemsOfExample(example: string): Problem[] {
  const isSteps = example.startsWith("- name: ") || example.startsWith("- {name: ");
  const text = isSteps
    ? `apiVersion: plimsoll.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: example}\nspec:\n  steps:\n${example.replaceAll(/^/gm, "    ")}`
    : example;
  const { manifests, problems } = readManifests(text);
  const namesakes = namesakesIn(manifests.map((manifest) => ({ file: "", manifest }))).map(({ problem }) => problem);
  return [...problems, ...manifests.flatMap(problemsOf), ...unlistedIn(manifests), ...namesakes];
}

function shown(example: string): string {
  const said = problemsOfExample(example).map((problem) => `- ${code(problemText(problem))}`);
  return ["```yaml", example, "```", "", ...said].join("\n");
}

/** A text as code, whatever backticks are in it. */
function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}
