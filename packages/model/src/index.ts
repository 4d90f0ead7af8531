export { budgetOf, hindranceOf, type Budget, type Hindrance } from "./budget.ts";
export { IndexSet } from "./index-set.ts";
export { nodeOf, nodeView, type NodeView } from "./node.ts";
export { ownerOf, type Owner } from "./owner.ts";
export { isFinished, podOf, podView, type PodShape, type PodView } from "./pod.ts";
export { matches, type Labels } from "./selector.ts";
export { milliOf, parseQuantity, valueOf } from "./quantity.ts";
export { amounts, type Amounts, largest, requestsOf, type RequestingPod, sum } from "./requests.ts";
