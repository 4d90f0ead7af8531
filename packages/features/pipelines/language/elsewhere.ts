/** Names that expressions of other tools have, and what is to be written here. */
const variables: Readonly<Record<string, string>> = {
  inputs: "params.NAME is a parameter, and steps.STEP.outputs.NAME an output",
  parameters: "params.NAME is a parameter",
  param: "params.NAME is a parameter",
  vars: "params.NAME is a parameter",
  var: "params.NAME is a parameter",
  values: "params.NAME is a parameter",
  needs: "steps.STEP.outputs.NAME is an output of a step in needs",
  outputs: "steps.STEP.outputs.NAME is an output of another step",
  tasks: "steps.STEP.outputs.NAME is an output of another step",
  jobs: "steps.STEP.outputs.NAME is an output of another step",
  results: "steps.STEP.outputs.NAME is an output of another step",
  env: "a script reads its variables itself, as in $NAME, and an expression params.NAME",
  secrets: "a secret reaches a step by env, as in {name: TOKEN, valueFrom: {secretKeyRef: {name: SECRET, key: KEY}}}",
  workflow: "run.name, run.namespace and run.uid are the run's, and params.NAME is a parameter",
  context: "run.name, run.namespace and run.uid are the run's",
  github: "run.name, run.namespace and run.uid are the run's; give all else as a parameter, params.NAME",
  gitlab: "run.name, run.namespace and run.uid are the run's; give all else as a parameter, params.NAME",
  runner: "a script asks its own container",
  job: "run.name, run.namespace and run.uid are the run's",
  pod: "run.name, run.namespace and run.uid are the run's; a pod's own fields reach a step by env's valueFrom.fieldRef",
  matrix: "item is the item of forEach",
  strategy: "itemIndex is the item's place in forEach",
  loop: "item is the item of forEach, and itemIndex its place",
  retries: "how often a step is tried again is said by retry",
  workspaces: "the folder that steps share is said by workspace",
  dag_run: "params.NAME is a parameter, and run.name the run's name",
  ds: "give the day as a parameter, params.NAME",
  ts: "give the time as a parameter, params.NAME",
  True: "CEL writes true",
  False: "CEL writes false",
  None: "CEL writes null",
  nil: "CEL writes null",
  undefined: "CEL writes null, and has(x.field) asks whether there is one",
};

/** Functions of other tools and languages. */
const functions: Readonly<Record<string, string>> = {
  not: "CEL writes ! for not",
  always: "a step of finally runs whatever the outcome",
  success: "a step runs when those that it needs have succeeded, without a condition",
  succeeded: "a step runs when those that it needs have succeeded, without a condition",
  failure: 'a step of finally runs whatever the outcome, with if: run.outcome == "Failed"',
  failed: 'a step of finally runs whatever the outcome, with if: run.outcome == "Failed"',
  cancelled: 'a step of finally runs whatever the outcome, with if: run.outcome == "Cancelled"',
  len: "size(x) gives how long a text, list or map is",
  length: "size(x) gives how long a text, list or map is",
  count: "size(x) gives how long a text, list or map is",
  str: "string(x) makes a text",
  toString: "string(x) makes a text",
  float: "double(x) makes a number",
  asInt: "int(x) makes a whole number",
  asFloat: "double(x) makes a number",
  number: "int(x) and double(x) make numbers",
  lower: "x.lowerAscii() does it",
  toLowerCase: "x.lowerAscii() does it",
  toUpperCase: "x.upperAscii() does it",
  strip: "x.trim() does it",
  push: "list + [x] does it",
  append: "list + [x] does it",
  concat: "a + b does it",
  keys: "map.map(k, k) gives its keys",
  values: "map.transformList(k, v, v) gives its values",
  get: "x[?key].orValue(other) gives another where a key isn't there",
  round: "int(x + 0.5) does it for what isn't negative",
  floor: "int(x) does it for what isn't negative",
  abs: "x < 0 ? -x : x does it",
  parseInt: "int(x) makes a whole number",
  parseFloat: "double(x) makes a number",
  greatest: "[a, b].max() does it",
  least: "[a, b].min() does it",
  encode: "work on bytes belongs in a script, as in base64 -w0",
  decode: "work on bytes belongs in a script, as in base64 -d",
  bind: "CEL has no variables: write the value where it is used",
  test: 'text.matches("pattern") asks it',
  match: 'text.find("pattern") gives the first part that matches',
  toLower: "x.lowerAscii() does it",
  upper: "x.upperAscii() does it",
  toUpper: "x.upperAscii() does it",
  toJSON: "${{ x }} in a text writes a list or map as JSON by itself",
  toJson: "${{ x }} in a text writes a list or map as JSON by itself",
  fromJSON: "a text of JSON that lists items is read by forEach itself",
  hashFiles: "work on files belongs in a script",
  now: "the time belongs in a script; a parameter gives one that stays",
  default: "x.?field.orValue(other) gives another where a field isn't there",
  coalesce: "x.?field.orValue(other) gives another where a field isn't there",
  empty: "size(x) == 0 asks it",
  any: "list.exists(x, condition) asks it",
  regexMatch: 'text.matches("pattern") asks it',
  hasPrefix: "text.startsWith(part) asks it",
  hasSuffix: "text.endsWith(part) asks it",
  includes: "x in list, and text.contains(part), ask it",
};

/** How the macros are written: what is called so, but otherwise, is taken for a function. */
const macros: Readonly<Record<string, string>> = {
  has: "asks for a field by its name, as in has(params.data.name)",
  map: "is written list.map(x, value) or list.map(x, condition, value), and with two variables list.transformList(i, x, value)",
  filter: "is written list.filter(x, condition), and with two variables list.transformList(i, x, condition, x)",
  all: "is written list.all(x, condition) or list.all(i, x, condition)",
  exists: "is written list.exists(x, condition) or list.exists(i, x, condition)",
  exists_one: "is written list.exists_one(x, condition) or list.exists_one(i, x, condition)",
  existsOne: "is written list.existsOne(x, condition) or list.existsOne(i, x, condition)",
  transformList: "is written list.transformList(i, x, value) or list.transformList(i, x, condition, value)",
  transformMap: "is written map.transformMap(k, v, value) or map.transformMap(k, v, condition, value)",
  transformMapEntry: "is written map.transformMapEntry(k, v, {key: value}) or map.transformMapEntry(k, v, condition, {key: value})",
  sortBy: "is written list.sortBy(x, key)",
  optMap: "is written optional.optMap(x, value)",
  optFlatMap: "is written optional.optFlatMap(x, optional)",
};

/** What to write for a variable that only other tools have. */
export function variableElsewhere(name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/** What to write for a function that only other tools have. */
export function functionElsewhere(name: string): string | undefined {
  return Object.hasOwn(functions, name) ? functions[name] : undefined;
}

/** How a macro is to be written; undefined for what is none. */
export function macroForm(name: string): string | undefined {
  return Object.hasOwn(macros, name) ? macros[name] : undefined;
}
