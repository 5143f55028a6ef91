import type { Handle, HandleFetch } from '@sveltejs/kit/hooks';
import { DJANGO } from '#lib/server/django.ts';
import { readSnapshot } from '#lib/server/snapshot.ts';
import { building } from '$app/env';
import themeScript from '../theme/theme.js?raw';

const django = process.env.DJANGO_ORIGIN ?? 'http://127.0.0.1:8000';

/** The theme is chosen before the first paint, so its script is part of the page. */
export const handle: Handle = ({ event, resolve }) => {
	// The build follows every link; those to Django's pictures and pages are none of its business.
	if (building && DJANGO.test(event.url.pathname)) return new Response(null, { status: 204 });
	return resolve(event, {
		// The client reads these two to know how to read the body.
		filterSerializedResponseHeaders: (name) => name === 'content-type' || name === 'content-length',
		transformPageChunk: ({ html }) =>
			html.replace('%theme%', () => `<script>${themeScript}</script>`)
	});
};

/** `load` asks `/api/...` everywhere; during a build the answer comes from the exported snapshot. */
export const handleFetch: HandleFetch = ({ event, request, fetch }) => {
	const url = new URL(request.url);
	if (url.origin !== event.url.origin || !url.pathname.startsWith('/api/')) return fetch(request);
	if (building) return readSnapshot(url);
	const forwarded = new Request(new URL(url.pathname + url.search, django), request);
	const cookie = event.request.headers.get('cookie');
	if (cookie) forwarded.headers.set('cookie', cookie);
	return fetch(forwarded);
};
