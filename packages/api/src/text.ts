// What reads texts of any kind, for programs that needn't load the kinds.
export { closest, nearest } from "./elsewhere/closest.ts";
export { decodeText, EncodingError } from "./yaml/encoding.ts";
export { readDocuments, type TextDocument, withLines } from "./yaml/documents.ts";
export { type Path } from "./path.ts";
export { problemsIn, readBy } from "./issues.ts";
export { formatProblem } from "./problem.ts";
export { count } from "./words.ts";
