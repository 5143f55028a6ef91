import type { MachineCard } from '#lib/api/index.ts';
import { building } from '$app/env';
import { allMachines } from './collection.ts';

/** The machines to prerender pages for. Outside a build there are none: pages render on request. */
export async function prerenderedMachines(): Promise<MachineCard[]> {
	if (!building) return [];
	const { readSnapshot } = await import('#lib/server/snapshot.ts');
	return allMachines({
		baseUrl: 'http://snapshot',
		fetch: async (input) => readSnapshot(new URL(new Request(input).url))
	});
}
