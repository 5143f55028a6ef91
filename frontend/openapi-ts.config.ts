import { defineConfig } from '@hey-api/openapi-ts';

export default defineConfig({
	input: './api/openapi.json',
	output: { path: process.env.API_OUTPUT ?? './src/lib/api/generated', clean: true },
	plugins: [
		'@hey-api/typescript',
		{ name: '@hey-api/client-fetch', baseUrl: false, throwOnError: true },
		{ name: '@hey-api/sdk', responseStyle: 'data' }
	]
});
