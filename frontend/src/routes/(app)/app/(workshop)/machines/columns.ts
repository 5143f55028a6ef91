import type { MachineCard } from '#lib/api/index.ts';
import { keys, STATUS, ZONE } from '#lib/museum/terms.ts';

export type Grouping = 'status' | 'zone';
export type BoardColumn = { key: string; label: string; machines: MachineCard[] };

/** What needs hands comes first; what plays can wait on the right. */
const STATUS_ORDER = ['broken', 'fixing', 'unknown', 'good'] as const;

/** The columns that hold a machine, in their order. */
export function columns(machines: readonly MachineCard[], grouping: Grouping): BoardColumn[] {
	const all =
		grouping === 'status'
			? STATUS_ORDER.map((key) => ({
					key,
					label: STATUS[key].label,
					machines: machines.filter(({ status }) => status === key)
				}))
			: keys(ZONE).map((key) => ({
					key,
					label: ZONE[key],
					machines: machines.filter(({ location }) => location.zone === key)
				}));
	return all.filter(({ machines }) => machines.length);
}
