import { join } from 'node:path';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import adapter from './adapter.ts';
import { DJANGO } from './src/lib/server/django.ts';

const django = process.env.DJANGO_ORIGIN ?? 'http://127.0.0.1:8000';
const dist = process.env.FRONTEND_DIST || 'dist';
const site = process.env.SITE_URL ?? 'http://localhost:5173';

/** Svelte and Kit, but for the two entries by which Kit finds its own files again. */
const FRAMEWORK =
	/node_modules\/(svelte|devalue|esm-env|@sveltejs\/kit\/src\/(?!runtime\/client\/\S*entry))/;

/** Our own modules that every public page with live data needs. */
const SHARED = new RegExp(
	[
		'src/lib/(api|site)',
		'src/lib/state/(session|theme)',
		'src/lib/ui/(Icon|Logo|Moment|moment|NotFound|Seo|SkipLink|ThemeToggle)',
		'src/lib/museum/(terms|StatusBadge)', // feature: museum
		'SiteHeader|SiteFooter'
	].join('|')
);

/** Event streams of the API client, which it always brings and nobody here listens to. */
const UNUSED = /generated\/core\/serverSentEvents\.gen\.ts$/;

const leaveOut: Plugin = {
	name: 'leave-out',
	apply: 'build',
	applyToEnvironment: ({ name }) => name === 'client',
	load: {
		filter: { id: UNUSED },
		handler: () => 'export const createSseClient = undefined;'
	}
};

// feature: accounts
/** Both clients are generated with the same runtime: pages get it once. */
const shareClient: Plugin = {
	name: 'share-client',
	apply: 'build',
	enforce: 'pre',
	resolveId(source, importer) {
		if (source !== './client' || !importer?.includes('/lib/accounts/generated/')) return null;
		return this.resolve(source, importer.replace('/lib/accounts/', '/lib/api/'));
	}
};
// end feature: accounts

export default defineConfig({
	plugins: [
		leaveOut,
		shareClient, // feature: accounts
		tailwindcss(),
		sveltekit({
			adapter: adapter({ pages: join(dist, 'site'), snapshot: join(dist, 'snapshot') }),
			// Canonical and Open Graph addresses come from here; links must also work on pages further down.
			paths: { origin: new URL(site).origin, relative: false },
			// '/404' is linked from nowhere; the server answers with it whenever nothing else fits.
			// A new house has no records yet, and so no page of one.
			prerender: { entries: ['*', '/404'], handleUnseenRoutes: 'ignore' },
			// A fixed name keeps builds of the same sources identical.
			version: { name: process.env.BUILD_VERSION ?? 'dev' }
		})
	],
	environments: {
		client: {
			build: {
				rolldownOptions: {
					output: {
						// Every page needs nearly all of it: few files compress better than many.
						codeSplitting: {
							groups: [
								{ name: 'framework', test: FRAMEWORK },
								{ name: 'shared', test: SHARED }
							]
						}
					}
				}
			}
		}
	},
	server: {
		port: Number(process.env.VITE_PORT ?? 5173),
		strictPort: true,
		// One expression, because a plain '/api' key would match every path that starts with it.
		// changeOrigin stays off: Django compares the Origin header with the host the browser used.
		proxy: { [DJANGO.source]: { target: django, ws: true } }
	},
	// Tests run the code that the browser runs.
	resolve: process.env.VITEST ? { conditions: ['browser'] } : undefined,
	test: {
		include: ['src/**/*.test.ts', '*.test.ts'],
		environment: './vitest-environment.ts'
	}
});
