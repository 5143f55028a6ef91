/** The API client: generated functions and types, with CSRF and one kind of error added. */
import { CsrfToken } from './csrf.ts';
import { getSession, type Session } from './generated';
import { client } from './generated/client.gen';
import { Problem, toProblem } from './problem.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

const csrf = new CsrfToken(() => document.cookie, askSession);
const signedOut = new Set<() => void>();

let asked: Promise<Session> | undefined;

/**
 * Ask who uses the site, once for all who ask meanwhile: an answer to a request without the CSRF cookie
 * brings one, and of two answers the later would replace the cookie of a write under way.
 */
export function askSession(): Promise<Session> {
	asked ??= getSession().finally(() => {
		asked = undefined;
	});
	return asked;
}

/** The request with the CSRF token; waits for the cookie where it is not there yet. */
export async function withCsrf(request: Request): Promise<Request> {
	const token = await csrf.get();
	if (token) request.headers.set('X-CSRFToken', token);
	return request;
}

client.interceptors.request.use((request) =>
	SAFE.has(request.method) ? request : withCsrf(request)
);

client.interceptors.error.use((error, response, request) => {
	const problem = toProblem(error, response);
	// A 401 of the sign-in form means a wrong password; any other, that the session has ended.
	const ended = problem instanceof Problem && problem.status === 401;
	if (ended && request && !request.url.endsWith('/api/session')) {
		tellSignedOut();
	}
	return problem;
});

/** The server no longer knows the session. */
export function tellSignedOut() {
	for (const tell of signedOut) tell();
}

/** Be told when the server no longer knows the session; the answer stops it. */
export function onSignedOut(tell: () => void): () => void {
	signedOut.add(tell);
	return () => void signedOut.delete(tell);
}

/** Options for a generated function inside `load`: the same call works in dev, build and browser. */
export function via({ fetch, url }: { fetch: typeof globalThis.fetch; url: URL }) {
	return { fetch, baseUrl: url.origin };
}

export * from './generated';
export { LABELS, LIMITS } from './generated/terms.gen.ts';
export { asProblem, Problem } from './problem.ts';
