import type { ImportRow } from '#lib/api/index.ts';

/** What the columns of an import are called, in the order in which they are shown. */
export const headings: Record<string, string> = {
	asset_number: 'Asset number',
	name: 'Name',
	manufacturer: 'Manufacturer',
	year: 'Year',
	location: 'Place',
	era: 'Era',
	players: 'Players',
	designer: 'Designer',
	serial_number: 'Serial number',
	acquired_on: 'Acquired on',
	notes: 'Notes'
};

/** The columns that say something in a row, or should. */
export function usedColumns(rows: readonly Pick<ImportRow, 'values' | 'errors'>[]): string[] {
	return Object.keys(headings).filter((column) =>
		rows.some(({ values, errors }) => values[column] || errors[column])
	);
}
