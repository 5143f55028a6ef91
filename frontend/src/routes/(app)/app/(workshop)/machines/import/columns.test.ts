import { expect, it } from 'vitest';
import type { ImportRow } from '#lib/api/index.ts';
import { usedColumns } from './columns.ts';

it('shows the columns that say something, or whose silence is a mistake', () => {
	const rows: Pick<ImportRow, 'values' | 'errors'>[] = [
		{ values: { name: 'Taxi', era: '', notes: '' }, errors: {} },
		{ values: { name: '', era: '', notes: 'Blue' }, errors: { era: 'Say its era.' } }
	];
	expect(usedColumns(rows)).toEqual(['name', 'era', 'notes']);
});
