import { listMachines, type MachineCard, type MachineStatus } from '#lib/api/index.ts';

const PAGE_SIZE = 100;

type Options = { fetch?: typeof fetch; baseUrl?: string; signal?: AbortSignal };

/** Every machine of the museum, by name. */
export async function allMachines(options: Options = {}): Promise<MachineCard[]> {
	const read = (page: number) =>
		listMachines({ ...options, query: { page, page_size: PAGE_SIZE } });
	const first = await read(1);
	const rest = Array.from({ length: Math.max(0, first.pages - 1) }, (_, index) => read(index + 2));
	return [first, ...(await Promise.all(rest))].flatMap((page) => page.items);
}

export const SORTS = {
	name: 'Name',
	year: 'Oldest first',
	'-year': 'Newest first',
	status: 'Playable first'
} as const;

export type Sort = keyof typeof SORTS;

/** What the address bar of the machine list says; an empty string means "any". */
export type Filter = {
	q: string;
	status: string;
	era: string;
	manufacturer: string;
	decade: string;
	sort: Sort;
};

const FIELDS = ['q', 'status', 'era', 'manufacturer', 'decade'] as const;

export function readFilter(parameters: Pick<URLSearchParams, 'get'>): Filter {
	const sort = parameters.get('sort') ?? '';
	const text = (name: string) => parameters.get(name) ?? '';
	return {
		q: text('q'),
		status: text('status'),
		era: text('era'),
		manufacturer: text('manufacturer'),
		decade: text('decade'),
		sort: sort in SORTS ? (sort as Sort) : 'name'
	};
}

/** The query string of a filter, without what is at its default; '' or '?...'. */
export function writeFilter(filter: Filter): string {
	const parameters = new URLSearchParams();
	for (const name of FIELDS) if (filter[name]) parameters.set(name, filter[name]);
	if (filter.sort !== 'name') parameters.set('sort', filter.sort);
	return parameters.size ? `?${parameters}` : '';
}

const ORDER: Record<MachineStatus, number> = { good: 0, fixing: 1, broken: 2, unknown: 3 };
const byName = (a: MachineCard, b: MachineCard) => a.name.localeCompare(b.name, 'en');
const COMPARE: Record<Sort, (a: MachineCard, b: MachineCard) => number> = {
	name: byName,
	year: (a, b) => a.year - b.year || byName(a, b),
	'-year': (a, b) => b.year - a.year || byName(a, b),
	status: (a, b) => ORDER[a.status] - ORDER[b.status] || byName(a, b)
};

/** The machines that a filter leaves, in its order. Every word of `q` must occur somewhere. */
export function applyFilter(machines: readonly MachineCard[], filter: Filter): MachineCard[] {
	const words = fold(filter.q).split(/\s+/).filter(Boolean);
	return machines
		.filter((machine) => {
			const text = fold(
				`${machine.name} ${machine.manufacturer} ${machine.year} ${machine.asset_number}`
			);
			return (
				words.every((word) => text.includes(word)) &&
				(!filter.status || machine.status === filter.status) &&
				(!filter.era || machine.era === filter.era) &&
				(!filter.manufacturer || machine.manufacturer === filter.manufacturer) &&
				(!filter.decade || decadeOf(machine.year) === Number(filter.decade))
			);
		})
		.sort(COMPARE[filter.sort]);
}

/** Lower case without accents, so that "theatre" finds "Théâtre". */
const fold = (text: string) =>
	text
		.normalize('NFD')
		.replace(/\p{Diacritic}/gu, '')
		.toLowerCase();

export const decadeOf = (year: number) => Math.floor(year / 10) * 10;

/** Machines by decade, oldest first, with no decade left out in between. */
export function byDecade(
	machines: readonly MachineCard[]
): { decade: number; machines: MachineCard[] }[] {
	if (!machines.length) return [];
	const years = machines.map((machine) => machine.year);
	const first = decadeOf(Math.min(...years));
	const count = (decadeOf(Math.max(...years)) - first) / 10 + 1;
	return Array.from({ length: count }, (_, index) => {
		const decade = first + index * 10;
		return {
			decade,
			machines: machines.filter((machine) => decadeOf(machine.year) === decade).sort(COMPARE.year)
		};
	});
}
