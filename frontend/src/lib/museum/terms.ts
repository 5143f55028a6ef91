import type { Category, Era, MachineStatus, PartStatus, Priority, Zone } from '#lib/api/index.ts';

/** What the words of the API are called on screen. The compiler tells when one is missing. */

type Term = { label: string; badge: string };

export const STATUS: Record<MachineStatus, Term & { dot: string; fill: string }> = {
	good: { label: 'Playable', badge: 'badge-success', dot: 'bg-success', fill: 'fill-success' },
	fixing: { label: 'Being fixed', badge: 'badge-warning', dot: 'bg-warning', fill: 'fill-warning' },
	broken: { label: 'Out of order', badge: 'badge-error', dot: 'bg-error', fill: 'fill-error' },
	unknown: {
		label: 'Not checked',
		badge: 'badge-neutral',
		dot: 'bg-base-content/50',
		fill: 'fill-base-content/50'
	}
};

export const PRIORITY: Record<Priority, Term> = {
	unplayable: { label: 'Unplayable', badge: 'badge-error' },
	major: { label: 'Major', badge: 'badge-warning' },
	untriaged: { label: 'Untriaged', badge: 'badge-info' },
	minor: { label: 'Minor', badge: 'badge-outline' },
	cosmetic: { label: 'Cosmetic', badge: 'badge-outline' }
};

export const PART_STATUS: Record<PartStatus, Term> = {
	needed: { label: 'Needed', badge: 'badge-error' },
	ordered: { label: 'Ordered', badge: 'badge-warning' },
	received: { label: 'Received', badge: 'badge-info' },
	fitted: { label: 'Fitted', badge: 'badge-success' }
};

export const CATEGORY: Record<Category, string> = {
	ball: 'Ball stuck or missing',
	flippers: 'Flippers',
	switches: 'Targets and bumpers',
	lights: 'Lights',
	display: 'Display or score',
	sound: 'Sound',
	power: 'Will not start',
	cabinet: 'Cabinet, glass, legs',
	other: 'Something else'
};

export const ERA: Record<Era, string> = {
	em: 'Electromechanical',
	ss: 'Solid state',
	dmd: 'Dot matrix',
	modern: 'Modern'
};

export const ZONE: Record<Zone, string> = {
	floor: 'Exhibition floor',
	workshop: 'Workshop',
	storage: 'Storage'
};

/** The keys of a table with their own type, in the order in which they are written. */
export function keys<K extends string>(table: Record<K, unknown>): K[] {
	return Object.keys(table) as K[];
}
