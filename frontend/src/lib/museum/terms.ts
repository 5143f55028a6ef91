import {
	type Category,
	type Era,
	LABELS,
	type MachineStatus,
	type PartStatus,
	type PhotoState, // feature: jobs
	type Priority,
	type Zone
} from '#lib/api/index.ts';

/** What the words of the API are called on screen, as Django says it, and how they look. */

export const CATEGORY: Record<Category, string> = LABELS.Category;
export const ERA: Record<Era, string> = LABELS.Era;
export const PHOTO_STATE: Record<PhotoState, string> = LABELS.PhotoState; // feature: jobs
export const ZONE: Record<Zone, string> = LABELS.Zone;

export const STATUS = styled<MachineStatus, { dot: string; fill: string }>(LABELS.MachineStatus, {
	good: { dot: 'bg-success', fill: 'fill-success' },
	fixing: { dot: 'bg-warning', fill: 'fill-warning' },
	broken: { dot: 'bg-error', fill: 'fill-error' },
	unknown: { dot: 'bg-base-content/50', fill: 'fill-base-content/50' }
});

export const PRIORITY = styled<Priority, { badge: string }>(LABELS.Priority, {
	unplayable: { badge: 'badge-error' },
	major: { badge: 'badge-warning' },
	untriaged: { badge: 'badge-info' },
	minor: { badge: 'badge-outline' },
	cosmetic: { badge: 'badge-outline' }
});

export const PART_STATUS = styled<PartStatus, { badge: string }>(LABELS.PartStatus, {
	needed: { badge: 'badge-error' },
	ordered: { badge: 'badge-warning' },
	received: { badge: 'badge-info' },
	fitted: { badge: 'badge-success' }
});

/** Each choice with its label and its looks, in Django's order. */
function styled<K extends string, Looks extends object>(
	labels: Record<K, string>,
	looks: Record<K, Looks>
): Record<K, Looks & { label: string }> {
	const entries = keys(labels).map((key) => [key, { label: labels[key], ...looks[key] }]);
	return Object.fromEntries(entries);
}

/** The keys of a table with their own type, in the order in which they are written. */
export function keys<K extends string>(table: Record<K, unknown>): K[] {
	return Object.keys(table) as K[];
}
