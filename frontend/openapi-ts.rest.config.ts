import { defineConfig } from '@hey-api/openapi-ts';

// The client that is given to others: its files name each other as Node wants them.
export default defineConfig({
	input: './api/openapi-v1.json',
	output: {
		path: process.env.API_OUTPUT ?? './src/lib/rest/generated',
		clean: true,
		module: { extension: '.ts' }
	},
	plugins: [
		'@hey-api/typescript',
		{ name: '@hey-api/client-fetch', baseUrl: false, throwOnError: true },
		{ name: '@hey-api/sdk', responseStyle: 'fields' }
	]
});
