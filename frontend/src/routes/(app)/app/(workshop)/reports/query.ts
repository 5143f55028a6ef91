import { readPage } from '#lib/state/page-number.ts';

export const SORTS = {
	urgency: 'Most urgent first',
	'-created': 'Newest first',
	created: 'Oldest first',
	machine: 'By machine'
} as const;

type Sort = keyof typeof SORTS;

/** What the address bar of the report list says; an empty string means "any". */
export type ReportListQuery = {
	q: string;
	status: 'open' | 'closed' | 'all';
	priority: string;
	category: string;
	sort: Sort;
	page: number;
};

export function readQuery(parameters: Pick<URLSearchParams, 'get'>): ReportListQuery {
	const status = parameters.get('status');
	const sort = parameters.get('sort') ?? '';
	return {
		q: parameters.get('q') ?? '',
		status: status === 'closed' || status === 'all' ? status : 'open',
		priority: parameters.get('priority') ?? '',
		category: parameters.get('category') ?? '',
		sort: sort in SORTS ? (sort as Sort) : 'urgency',
		page: readPage(parameters)
	};
}

/** The path of a list, back on its first page: a filter changed. */
export function writeQuery({ q, status, priority, category, sort }: ReportListQuery): string {
	const parameters = new URLSearchParams();
	if (q) parameters.set('q', q);
	if (status !== 'open') parameters.set('status', status);
	if (priority) parameters.set('priority', priority);
	if (category) parameters.set('category', category);
	if (sort !== 'urgency') parameters.set('sort', sort);
	return `/app/reports${parameters.size ? `?${parameters}` : ''}`;
}
