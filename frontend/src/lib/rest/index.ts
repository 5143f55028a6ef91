/** A typed client of the public API, for programs and for pages of other origins. */
export { type FieldError, Problem } from '../api/problem.ts';
export { type Api, type ConnectOptions, connect } from './connect.ts';
export * from './generated/index.ts';
// What calls throw is a Problem; this is what came with the answer.
export type { Problem as ProblemDocument } from './generated/types.gen.ts';
export { each, once, type PageQuery, seen } from './helpers.ts';
