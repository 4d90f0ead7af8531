import { manifestOf, type Path, type Problem, type Step } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import { parseExpression, type Expression } from "./expression.ts";
import { readItems, start } from "./items.ts";
import { faultIn } from "./json-fault.ts";
import { compileObject, type ObjectTemplate } from "./object-template.ts";
import { typesFor, unknownNames, type Scope } from "./scope.ts";
import { withComparison } from "./syntax/refusals.ts";
import { any, common, describe, typeOf, unfitForJson, type Type } from "./syntax/types.ts";
import { lineWithin, parseTemplate, TextError, wholeExpression, type Template } from "./template.ts";

/** What a step says in expressions, parsed. */
export interface StepTemplates {
  condition: Expression | undefined;
  /** The items themselves, or what gives them; undefined for a step that runs once. */
  items: readonly unknown[] | Expression | undefined;
  image: Template | undefined;
  script: Template | undefined;
  command: readonly Template[] | undefined;
  args: readonly Template[] | undefined;
  /** The variables that have a value of their own. */
  env: readonly { name: string; value: Template }[];
  /** The object that it makes; undefined for a step that runs a pod. */
  manifest: ObjectTemplate | undefined;
  /** What says how much work a try is, by which it is given its resources; undefined: nothing does. */
  size: Expression | undefined;
  /** All that is rendered for a try. */
  rendered: readonly Template[];
  /** Whether any of it names the item. */
  namesItem: boolean;
}

/**
 * Parses everything of a step that holds expressions; problems stand where they do in the step. `isChecked`: whether types are looked at, too,
 * which need be done once.
 */
export function compileStep(step: Step, scope: Scope, { isChecked = false } = {}): { templates: StepTemplates; problems: Problem[] } {
  const compiler = new StepCompiler(step, scope, isChecked);
  const templates = {
    condition: compiler.condition(),
    items: compiler.items(),
    image: step.image === undefined ? undefined : compiler.template(step.image, ["image"]),
    script: step.script === undefined ? undefined : compiler.template(step.script, ["script"]),
    command: step.command?.map((text, index) => compiler.expandedTemplate(text, ["command", index])),
    args: step.args?.map((text, index) => compiler.expandedTemplate(text, ["args", index])),
    env: (step.env ?? []).flatMap(({ name, value }, index) =>
      value === undefined ? [] : [{ name, value: compiler.expandedTemplate(value, ["env", index, "value"]) }],
    ),
    manifest: compiler.manifest(),
    size: compiler.size(),
  };
  const { image, script, command = [], args = [], env, manifest, size } = templates;
  const rendered = [
    ...(image ? [image] : []),
    ...(script ? [script] : []),
    ...command,
    ...args,
    ...env.map(({ value }) => value),
    ...(manifest?.texts ?? []),
  ];
  const namesItem = [...rendered.flatMap(({ expressions }) => expressions), ...(size ? [size] : [])].some(
    ({ variables }) => variables.has("item") || variables.has("itemIndex"),
  );
  return { templates: { ...templates, rendered, namesItem }, problems: compiler.problems };
}

/** What an expression is to give, and whether it is evaluated for each item. */
interface Wanted {
  hasItem?: boolean;
  wanted?: keyof typeof wantedTypes;
  /** What it stands in. */
  text?: string;
}

const wantedTypes: Record<"bool" | "list" | "size", { types: readonly Type["is"][]; text: string }> = {
  bool: { types: ["bool"], text: "true or false" },
  // A text may be a list in JSON, as outputs are.
  list: { types: ["list", "string"], text: "a list" },
  size: { types: ["int", "uint", "double", "string"], text: "a number or a text" },
};

/** What is said of a type that no text can take in. */
function unfitFor(type: Type): string | undefined {
  const unfit = unfitForJson(type);
  return unfit && `gives ${unfit}`;
}

/** What is said of a type where another is wanted. */
function unwanted(type: Type, wanted: keyof typeof wantedTypes): string | undefined {
  const { types, text } = wantedTypes[wanted];
  if (type.is === "any" || types.includes(type.is)) return undefined;
  return `gives ${describe(type)}: it must give ${text}${wanted === "bool" ? withComparison(type) : ""}`;
}

/** Of the names in one step, no more problems are reported. */
const mostProblems = 10;

class StepCompiler {
  readonly problems: Problem[] = [];
  readonly #step: Step;
  readonly #scope: Scope;
  readonly #isChecked: boolean;
  /** What the items have in common, once it was asked for. */
  #items: Type | undefined;

  constructor(step: Step, scope: Scope, isChecked: boolean) {
    this.#step = step;
    this.#scope = scope;
    this.#isChecked = isChecked;
  }

  /** `if` is an expression; around it `${{ }}` may stand. */
  condition(): Expression | undefined {
    return this.#bare(this.#step.if, ["if"], { wanted: "bool" });
  }

  /** `resources.auto.key` is written as `if` is. */
  size(): Expression | undefined {
    const hasItem = this.#step.forEach !== undefined;
    return this.#bare(this.#step.resources?.auto?.key, ["resources", "auto", "key"], { wanted: "size", hasItem });
  }

  #bare(text: string | undefined, path: Path, wanted: Wanted): Expression | undefined {
    if (text === undefined) return undefined;
    const parse = (): Expression => {
      if (!text.includes("${{")) return parseExpression(text);
      const whole = wholeExpression(text);
      if (whole !== undefined) return whole;
      const bare = text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/gs, "$1");
      throw new Error(`\`${start(text)}\`: it is one expression: write it whole, without \${{ }} around a part, as in ${start(bare)}`);
    };
    return this.#checked(this.#parsed(path, parse), path, wanted);
  }

  items(): StepTemplates["items"] {
    const { forEach } = this.#step;
    const path = ["forEach"];
    if (typeof forEach !== "string") {
      const fault = faultIn(forEach);
      if (fault !== undefined) this.problems.push({ path, message: `an item ${fault}` });
      return forEach;
    }
    return this.#checked(
      this.#parsed(path, () => itemsExpression(forEach)),
      path,
      { wanted: "list" },
    );
  }

  manifest(): ObjectTemplate | undefined {
    const { spark } = this.#step;
    const manifest = manifestOf(this.#step);
    if (manifest === undefined) return undefined;
    const parse = (text: string, path: Path): Template => this.template(text, path);
    if (spark === undefined) return compileObject(manifest, ["manifest"], parse);
    const spec = compileObject(spark, ["spark"], parse);
    return { ...spec, render: (variables, meter) => ({ ...manifest, spec: spec.render(variables, meter) }) };
  }

  /** A text in which Kubernetes replaces nothing. */
  template(text: string, path: Path): Template {
    return this.#template(text, path, false);
  }

  /** A text in which Kubernetes expands `$(NAME)`. */
  expandedTemplate(text: string, path: Path): Template {
    return this.#template(text, path, true);
  }

  #template(text: string, path: Path, expanded: boolean): Template {
    const onFault = (fault: TextError): void => this.#fault(path, fault);
    const template = parseTemplate(text, path, { expanded, onFault });
    for (const expression of template.expressions) this.#checked(expression, path, { hasItem: this.#step.forEach !== undefined, text });
    return template;
  }

  #parsed<T>(path: Path, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      this.#fault(path, error);
      return undefined;
    }
  }

  #fault(path: Path, fault: unknown): void {
    if (this.problems.length < mostProblems)
      this.problems.push({ path, message: messageOf(fault), ...(fault instanceof TextError && { within: fault.line }) });
  }

  #checked(expression: Expression | undefined, path: Path, { hasItem = false, wanted, text = "" }: Wanted = {}): Expression | undefined {
    if (expression === undefined) return undefined;
    const known = this.problems.length;
    for (const { message, by } of unknownNames(expression, this.#scope, hasItem)) this.#tell(expression, path, message, { text, by });
    // What is misspelt has no type.
    if (!this.#isChecked || this.problems.length > known) return expression;
    const types = typesFor(expression, this.#scope, hasItem ? (this.#items ??= this.#itemType()) : undefined);
    const { type, faults, value, unfit } = expression.check(types);
    const where = { text, by: expression.params.size > 0 ? ["params"] : [] };
    const items = wanted === "list" && value !== undefined ? readItems(value) : undefined;
    const told =
      (wanted === undefined ? unfitFor(type) : unwanted(type, wanted)) ?? unfit ?? (typeof items === "string" ? items : undefined);
    for (const message of faults.length > 0 || told === undefined ? faults : [told]) this.#tell(expression, path, message, where);
    return expression;
  }

  #tell({ source }: Expression, path: Path, message: string, { text, by }: { text: string; by: readonly string[] }): void {
    if (this.problems.length < mostProblems)
      this.problems.push({ path, message: `\`${source}\`: ${message}`, within: lineWithin(text, source), by });
  }

  /** What the items have in common, as far as that is known. */
  #itemType(): Type {
    const { forEach } = this.#step;
    if (typeof forEach !== "string") return common((forEach ?? []).map(typeOf));
    try {
      const expression = itemsExpression(forEach);
      const { type } = expression.check(typesFor(expression, this.#scope));
      return type.is === "list" ? type.of : any;
    } catch {
      return any; // It is told where it stands.
    }
  }
}

function itemsExpression(text: string): Expression {
  const expression = wholeExpression(text);
  if (expression !== undefined) return expression;
  throw new Error(`"${start(text)}" is not a list of items: give a list, or one expression as in \${{ params.names }}`);
}
