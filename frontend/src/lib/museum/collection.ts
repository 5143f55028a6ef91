import { listMachines, type MachineCard } from '#lib/api/index.ts';
import { keys, STATUS } from './terms.ts';

const PAGE_SIZE = 100;
const MOST_WORDS = 8;

type Options = { fetch?: typeof fetch; baseUrl?: string; signal?: AbortSignal };

/** Every machine of the museum, in the API's order: by name. */
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

const STATUSES = keys(STATUS);
// Among equals the order stays what it was: by name.
const COMPARE: Record<Sort, (a: MachineCard, b: MachineCard) => number> = {
	name: () => 0,
	year: (a, b) => a.year - b.year,
	'-year': (a, b) => b.year - a.year,
	status: (a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status)
};

/**
 * The machines that a filter leaves, in its order; `machines` come by name.
 *
 * These are the rules of the API (search_machines in selectors.py), for answers while one types. Every
 * word of `q` must occur in the name, maker, designer or asset number, or be the year.
 */
export function applyFilter(machines: readonly MachineCard[], filter: Filter): MachineCard[] {
	const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
	return machines
		.filter((machine) => {
			const { name, manufacturer, designer, asset_number } = machine;
			const texts = [name, manufacturer, designer, asset_number].map((t) => t.toLowerCase());
			const fits = (word: string) =>
				word === String(machine.year) || texts.some((text) => text.includes(word));
			return (
				words.every(fits) &&
				(!filter.status || machine.status === filter.status) &&
				(!filter.era || machine.era === filter.era) &&
				(!filter.manufacturer || machine.manufacturer === filter.manufacturer) &&
				(!filter.decade || decadeOf(machine.year) === Number(filter.decade))
			);
		})
		.sort(COMPARE[filter.sort]);
}

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
