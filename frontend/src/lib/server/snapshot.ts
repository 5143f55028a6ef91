import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DIRECTORY = join(process.env.FRONTEND_DIST || 'dist', 'snapshot');
let index: Map<string, string> | undefined;

/**
 * Answer a GET of the public API from the files that `manage.py export_snapshot` wrote:
 * `index.json` maps a path with its query to the file holding the body.
 */
export function readSnapshot(url: URL): Response {
	index ??= readIndex();
	const file = index.get(requestKey(url.pathname + url.search));
	if (!file) {
		// A build that lacks data must fail, not publish a page without it.
		throw new Error(
			`The snapshot has no ${url.pathname}${url.search}: run "manage.py export_snapshot", ` +
				'and make it export this path'
		);
	}
	// 203, "from a copy", because Kit would publish every 200 as a file of the site.
	return new Response(readFileSync(join(DIRECTORY, file)), {
		status: 203,
		headers: { 'content-type': 'application/json' }
	});
}

function readIndex() {
	try {
		const entries: Record<string, string> = JSON.parse(
			readFileSync(join(DIRECTORY, 'index.json'), 'utf8')
		);
		return new Map(Object.entries(entries).map(([path, file]) => [requestKey(path), file]));
	} catch (cause) {
		throw new Error(
			`No API snapshot in ${DIRECTORY}: run "manage.py export_snapshot" before the build`,
			{ cause }
		);
	}
}

/** The order of query parameters carries no meaning, so it must not decide whether a file is found. */
export function requestKey(path: string): string {
	const [pathname = '', query] = path.split('?', 2);
	const parameters = new URLSearchParams(query);
	parameters.sort();
	return parameters.size ? `${pathname}?${parameters}` : pathname;
}
