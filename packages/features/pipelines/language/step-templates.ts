import { closest, type Path, type Problem, type Step } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube";
import { parseExpression, type Expression } from "./expression.ts";
import { faultIn } from "./json-fault.ts";
import { parseTemplate, wholeExpression, type Template } from "./template.ts";

/** What a step says in expressions, parsed. */
export interface StepTemplates {
  condition: Expression | undefined;
  /** The items themselves, or what gives them; undefined for a step that runs once. */
  items: readonly unknown[] | Expression | undefined;
  image: Template;
  script: Template | undefined;
  command: readonly Template[] | undefined;
  args: readonly Template[] | undefined;
  /** The variables that have a value of their own. */
  env: readonly { name: string; value: Template }[];
  /** All that is rendered for a try. */
  rendered: readonly Template[];
  /** Whether any of it names the item. */
  namesItem: boolean;
}

/** What a step's expressions may name. */
interface Scope {
  params: ReadonlySet<string>;
  steps: ReadonlyMap<string, number>;
  /** Whether the step needs the one of that name, directly or through others. */
  reachable: (step: string) => boolean;
  /** Whether the step is one of `finally`. */
  inFinally: boolean;
}

/** Of one step, more aren't told. */
const mostProblems = 10;

/** Parses everything of a step that holds expressions; problems stand where they do in the step. */
export function compileStep(step: Step, scope: Scope): { templates: StepTemplates; problems: Problem[] } {
  const problems: Problem[] = [];
  const fanned = step.forEach !== undefined;

  const check = (expression: Expression, path: Path, withItem: boolean): void => {
    for (const message of unknownNames(expression, scope, withItem && fanned)) {
      if (problems.length >= mostProblems) return;
      problems.push({ path, message: `\`${expression.source}\`: ${message}` });
    }
  };
  const parsed = <T>(path: Path, parse: () => T): T | undefined => {
    try {
      return parse();
    } catch (error) {
      problems.push({ path, message: messageOf(error) });
      return undefined;
    }
  };
  const template = (text: string, path: Path, isExpanded: boolean): Template => {
    const result = parsed(path, () => parseTemplate(text, path, isExpanded)) ?? { expressions: [], render: () => text };
    for (const expression of result.expressions) check(expression, path, true);
    return result;
  };
  const templates = (texts: readonly string[] | undefined, at: string): Template[] | undefined =>
    texts?.map((text, index) => template(text, [at, index], true));

  const condition = step.if === undefined ? undefined : parsed(["if"], () => conditionOf(step.if ?? ""));
  if (condition) check(condition, ["if"], false);

  let items: StepTemplates["items"];
  if (typeof step.forEach === "string") {
    const text = step.forEach;
    items = parsed(["forEach"], () => wholeExpression(text));
    if (items) check(items, ["forEach"], false);
    else if (!problems.some(({ path }) => path[0] === "forEach")) {
      problems.push({
        path: ["forEach"],
        message: `"${text.slice(0, 60)}" is not a list of items: give a list, or one expression as in \${{ params.names }}`,
      });
    }
  } else {
    items = step.forEach;
    const fault = faultIn(items);
    if (fault !== undefined) problems.push({ path: ["forEach"], message: `an item ${fault}` });
  }

  const script = step.script === undefined ? undefined : template(step.script, ["script"], false);
  const command = templates(step.command, "command");
  const args = templates(step.args, "args");
  const image = template(step.image, ["image"], false);
  const env = (step.env ?? []).flatMap(({ name, value }, index) =>
    value === undefined ? [] : [{ name, value: template(value, ["env", index, "value"], true) }],
  );
  const rendered = [image, ...(script ? [script] : []), ...(command ?? []), ...(args ?? []), ...env.map(({ value }) => value)];
  return { templates: { condition, items, image, script, command, args, env, rendered, namesItem: rendered.some(namesItem) }, problems };
}

/** `if` is an expression; around it `${{ }}` may stand. */
function conditionOf(text: string): Expression {
  return (text.includes("${{") ? wholeExpression(text) : undefined) ?? parseExpression(text);
}

function namesItem(template: Template): boolean {
  return template.expressions.some((expression) => expression.variables.has("item") || expression.variables.has("itemIndex"));
}

/** Names of CEL's types are values of their own, as in `type(item) == string`. */
const typeNames = new Set([
  "bool",
  "bytes",
  "double",
  "duration",
  "int",
  "list",
  "map",
  "null_type",
  "string",
  "timestamp",
  "type",
  "uint",
]);

const runFields = ["name", "namespace", "uid", "outcome"];

function* unknownNames(expression: Expression, scope: Scope, withItem: boolean): Generator<string> {
  const known = ["params", "steps", "run", ...(withItem ? ["item", "itemIndex"] : [])];
  for (const variable of expression.variables) {
    if (known.includes(variable) || typeNames.has(variable)) continue;
    if (variable === "item" || variable === "itemIndex")
      yield `${variable} is known only in the script, command, args, env and image of a step with forEach`;
    else yield `there is no "${variable}"${closest(variable, known)}; a step whose name has a dash is written steps["its-name"]`;
  }
  for (const field of expression.run) {
    if (!runFields.includes(field)) yield `there is no run.${field}${closest(field, runFields)}`;
    else if (field === "outcome" && !scope.inFinally) yield "run.outcome is known only in the steps of finally";
  }
  for (const param of expression.params) {
    if (!scope.params.has(param)) yield `there is no parameter "${param}"${closest(param, [...scope.params])}`;
  }
  for (const step of expression.steps) {
    if (!scope.steps.has(step)) yield `there is no step "${step}"${closest(step, [...scope.steps.keys()])}`;
    else if (!scope.reachable(step)) yield `the step doesn't need "${step}", so that it may not have ended: add it to needs`;
  }
}
