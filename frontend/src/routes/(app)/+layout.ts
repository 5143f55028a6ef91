import { redirect } from '@sveltejs/kit';
import { raise } from '#lib/api/load.ts';
import { session, signInPath } from '#lib/state/session.svelte.ts';
import type { LayoutLoad } from './$types';

export const ssr = false;

/** Only for people who are signed in; the server guards the data, this saves them the error. */
export const load: LayoutLoad = async ({ url }) => {
	await session.load().catch(raise);
	if (!session.user) redirect(302, signInPath(url));
};
