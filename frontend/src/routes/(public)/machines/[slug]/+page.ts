import { getMachine, getMachineHistory, via } from '#lib/api/index.ts';
import { raise } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const csr = true;

export const load: PageLoad = async (event) => {
	const path = { slug: event.params.slug };
	const [machine, history] = await Promise.all([
		getMachine({ ...via(event), path }),
		getMachineHistory({ ...via(event), path })
	]).catch(raise);
	return { machine, history };
};
