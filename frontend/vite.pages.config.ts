import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';

const out = join(process.env.FRONTEND_DIST || 'dist', 'pages');

/** A folder with an index.ts is an entry: pages/blog/index.ts becomes blog.js and blog.css. */
const entries = readdirSync('pages', { recursive: true, encoding: 'utf8' })
	.filter((path) => /^\w+\/index\.ts$/.test(path))
	.map((path) => [path.split('/')[0], join('pages', path)]);

/** It stands before the sheet in every page, and so cannot be part of a module. */
const themeScript: Plugin = {
	name: 'theme-script',
	writeBundle: () => copyFileSync('theme/theme.js', join(out, 'theme.js'))
};

// Scripts and sheets of the pages that Django renders. Names stay as they are: Django's static files
// give them hashes in production, and `{% static %}` finds them.
export default defineConfig({
	plugins: [tailwindcss(), themeScript],
	publicDir: 'pages/public',
	build: {
		outDir: out,
		emptyOutDir: true,
		target: 'baseline-widely-available',
		rolldownOptions: {
			input: Object.fromEntries(entries),
			output: {
				entryFileNames: '[name].js',
				chunkFileNames: '[name].js',
				assetFileNames: '[name][extname]'
			}
		}
	}
});
