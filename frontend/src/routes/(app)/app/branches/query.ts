import { LABELS, type Status } from '#lib/api/index.ts';
import { readPage } from '#lib/state/page-number.ts';

export const STATUSES = Object.keys(LABELS.Status) as Status[];

/** What the address bar of the list says; an empty string means "any". */
export type BranchListQuery = { status: Status | ''; mine: boolean; page: number };

export function readQuery(parameters: Pick<URLSearchParams, 'get'>): BranchListQuery {
	const status = parameters.get('status') ?? '';
	return {
		status: STATUSES.find((known) => known === status) ?? '',
		mine: parameters.get('mine') === 'yes',
		page: readPage(parameters)
	};
}

/** The path of the list, back on its first page: a filter changed. */
export function writeQuery({ status, mine }: Omit<BranchListQuery, 'page'>): string {
	const parameters = new URLSearchParams();
	if (status) parameters.set('status', status);
	if (mine) parameters.set('mine', 'yes');
	return `/app/branches${parameters.size ? `?${parameters}` : ''}`;
}
