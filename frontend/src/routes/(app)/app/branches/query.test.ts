import { describe, expect, it } from 'vitest';
import { readQuery, writeQuery } from './query.ts';

describe('the query of the list', () => {
	it('is read from the address, and what it does not know is any', () => {
		const read = (text: string) => readQuery(new URLSearchParams(text));
		expect(read('status=lost&mine=1&page=x')).toEqual({ status: '', mine: false, page: 1 });
		expect(read('status=open&mine=yes&page=3')).toEqual({ status: 'open', mine: true, page: 3 });
	});

	it('is written without what is any', () => {
		expect(writeQuery({ status: '', mine: false })).toBe('/app/branches');
		expect(writeQuery({ status: 'open', mine: true })).toBe('/app/branches?status=open&mine=yes');
	});
});
