/** allauth's API as generated functions, with CSRF and our kinds of errors added. */
import { withCsrf } from '#lib/api/index.ts';
import { toAnswer } from './answers.ts';
import { client } from './generated/client.gen';

// Reads too: allauth's answers bring a CSRF cookie to those that have none.
client.interceptors.request.use(withCsrf);
client.interceptors.error.use(toAnswer);

export { NewSecret, NextStep } from './answers.ts';
export * from './generated';
