import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { dirname, join } from 'node:path';
import adapterStatic from '@sveltejs/adapter-static';
import type { Adapter, Builder } from '@sveltejs/kit';

const SHELL = '200.html';
const KEEP_DAYS = 30;

/**
 * adapter-static for a site that Django serves.
 *
 * Writes `<pages>/` (HTML, assets and their .br/.gz twins) and, beside it, `routes.json`, by which the
 * server tells a client route (answered with the shell) from a 404. The old site stays in place until
 * the new one is complete, and its hashed assets stay for tabs that are still open.
 */
export default function adapterDjango(options: { pages: string; snapshot: string }): Adapter {
	const { pages, snapshot } = options;
	return {
		name: 'adapter-django',
		async adapt(builder) {
			const fresh = `${pages}.new`;
			await adapterStatic({ pages: fresh, fallback: SHELL }).adapt(builder);
			announceErrorPage(fresh);
			await builder.compress(fresh);
			const immutable = join('_app', 'immutable');
			keepRecentFiles(join(pages, immutable), join(fresh, immutable), KEEP_DAYS);
			const table = join(dirname(pages), 'routes.json');
			writeFileSync(
				`${table}.new`,
				JSON.stringify({ ...routeTable(builder), dataTime: takenAt(snapshot) }, null, '\t')
			);
			swap(fresh, pages);
			renameSync(`${table}.new`, table);
			builder.log.success(`Wrote ${pages} and ${table}`);
		}
	};
}

/**
 * Every page route, prerendered ones too: a record that is newer than the build has no HTML file.
 * `pattern` is the source of a JavaScript regular expression for the whole path.
 */
function routeTable(builder: Builder) {
	const routes = builder.routes
		.filter((route) => route.page.methods.length > 0)
		.map((route) => ({
			id: route.id,
			pattern: route.pattern.source,
			params: [...route.id.matchAll(/\[+(?:\.\.\.)?(\w+)/g)].map((match) => match[1])
		}));
	const redirects = [...builder.prerendered.redirects].map(([path, { status, location }]) => ({
		path,
		status,
		location
	}));
	return { shell: SHELL, routes, redirects };
}

/** Unix seconds when the data of the pages was read: the server tells newer changes by it. */
export function takenAt(snapshot: string): number {
	return JSON.parse(readFileSync(join(snapshot, 'taken.json'), 'utf8')).at;
}

/**
 * Kit fetches the root error page before it hydrates anything, but leaves it out of the preloads of a
 * page: on a slow phone that is one more round trip before the page reacts.
 */
export function announceErrorPage(site: string) {
	const nodes = '_app/immutable/nodes';
	const file = readdirSync(join(site, nodes)).find((name) => /^1\..+\.js$/.test(name));
	if (!file) throw new Error(`No error page in ${join(site, nodes)}`);
	const link = `<link href="/${nodes}/${file}" rel="modulepreload">`;
	for (const name of readdirSync(site, { recursive: true, encoding: 'utf8' })) {
		if (!name.endsWith('.html')) continue;
		const html = readFileSync(join(site, name), 'utf8');
		if (!html.includes('rel="modulepreload"')) continue;
		writeFileSync(
			join(site, name),
			html.replace('</head>', () => `${link}</head>`)
		);
	}
}

/** Copy files of `from` that `to` lacks and that were written in the last `days` days, times kept. */
export function keepRecentFiles(from: string, to: string, days: number) {
	if (!existsSync(from)) return;
	const oldest = Date.now() - days * 24 * 60 * 60 * 1000;
	for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
		const source = join(from, name);
		const target = join(to, name);
		const stat = statSync(source);
		if (!stat.isFile() || stat.mtimeMs < oldest || existsSync(target)) continue;
		mkdirSync(dirname(target), { recursive: true });
		cpSync(source, target, { preserveTimestamps: true });
	}
}

/** Put `fresh` where `current` is; the moment without either is one rename long. */
function swap(fresh: string, current: string) {
	const old = `${current}.old`;
	rmSync(old, { recursive: true, force: true });
	if (existsSync(current)) renameSync(current, old);
	renameSync(fresh, current);
	rmSync(old, { recursive: true, force: true });
}
