import { prerenderedMachines } from '#lib/museum/entries.ts';
import type { EntryGenerator } from './$types';

export const entries: EntryGenerator = async () =>
	(await prerenderedMachines()).map(({ asset_number }) => ({ asset: asset_number }));
