export { budgetOf, hindranceOf, type Budget, type Hindrance } from "./budget.ts";
export { matches, type Labels } from "./selector.ts";
