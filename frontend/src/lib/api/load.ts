import { error } from '@sveltejs/kit';
import { Problem } from './problem.ts';

/** For `load`: `getProfile(...).catch(raise)` shows the error page with the status of the server. */
export function raise(failure: unknown): never {
	if (failure instanceof Problem) error(failure.status || 503, failure.message);
	throw failure;
}
