import { error } from '@sveltejs/kit';
import { listMachines, via } from '#lib/api/index.ts';
import { raise } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const csr = true;

export const load: PageLoad = async (event) => {
	const query = { asset_number: event.params.asset.toUpperCase() };
	const { items } = await listMachines({ ...via(event), query }).catch(raise);
	const [machine] = items;
	if (!machine) error(404, 'There is no machine with this label.');
	return { machine };
};
