import { via } from '#lib/api/index.ts';
import { allMachines } from '#lib/museum/collection.ts';
import type { PageLoad } from './$types';

export const csr = true;

export const load: PageLoad = async (event) => ({ machines: await allMachines(via(event)) });
