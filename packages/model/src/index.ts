export { budgetOf, hindranceOf, type Budget, type Hindrance } from "./budget.ts";
export { matches, type Labels } from "./selector.ts";
export { milliOf, parseQuantity, valueOf } from "./quantity.ts";
export { amounts, type Amounts, largest, requestsOf, type RequestingPod, sum } from "./requests.ts";
