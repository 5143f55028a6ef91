import type { MachineCard } from '#lib/api/index.ts';

/** `count` machines from all times: evenly spaced when sorted by year, and always the same ones. */
export function spread(machines: readonly MachineCard[], count: number): MachineCard[] {
	const sorted = [...machines].sort((a, b) => a.year - b.year || a.name.localeCompare(b.name));
	if (sorted.length <= count) return sorted;
	const step = (sorted.length - 1) / (count - 1);
	return Array.from({ length: count }, (_, index) => sorted[Math.round(index * step)]).filter(
		(machine) => machine !== undefined
	);
}
