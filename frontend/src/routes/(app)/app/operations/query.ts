import type { RunState } from '#lib/api/index.ts';
import { RUN_STATES } from '#lib/operations/terms.ts';
import { readPage } from '#lib/state/page-number.ts';

/** What the address bar of the list says; an empty string means "any". */
export type OperationListQuery = { state: RunState | ''; workflow: string; page: number };

export function readQuery(parameters: Pick<URLSearchParams, 'get'>): OperationListQuery {
	const state = parameters.get('state') ?? '';
	return {
		state: RUN_STATES.find((known) => known === state) ?? '',
		workflow: parameters.get('workflow') ?? '',
		page: readPage(parameters)
	};
}

/** The path of the list, back on its first page: a filter changed. */
export function writeQuery({ state, workflow }: OperationListQuery): string {
	const parameters = new URLSearchParams();
	if (state) parameters.set('state', state);
	if (workflow) parameters.set('workflow', workflow);
	return `/app/operations${parameters.size ? `?${parameters}` : ''}`;
}
