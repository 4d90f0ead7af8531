// What reads texts of any kind, for programs that needn't load the kinds.
export { closest, nearest } from "./elsewhere/closest.ts";
export { decodeText, EncodingError } from "./yaml/encoding.ts";
export { readDocuments, type TextDocument, withLines } from "./yaml/documents.ts";
export { type Path } from "./problems/path.ts";
export { problemsIn, readBy } from "./problems/issues.ts";
export { formatProblem } from "./problems/problem.ts";
export { count } from "./problems/words.ts";
