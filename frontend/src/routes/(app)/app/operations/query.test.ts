import { describe, expect, it } from 'vitest';
import { readQuery, writeQuery } from './query.ts';

describe('the query of the list', () => {
	it('is read from the address, and what it does not know is any', () => {
		const parameters = new URLSearchParams('state=lost&workflow=a.b&page=x');
		expect(readQuery(parameters)).toEqual({ state: '', workflow: 'a.b', page: 1 });
		expect(readQuery(new URLSearchParams('state=failed&page=3'))).toEqual({
			state: 'failed',
			workflow: '',
			page: 3
		});
	});

	it('is written without what is any, and begins anew', () => {
		expect(writeQuery({ state: '', workflow: '', page: 7 })).toBe('/app/operations');
		expect(writeQuery({ state: 'failed', workflow: 'a.b', page: 7 })).toBe(
			'/app/operations?state=failed&workflow=a.b'
		);
	});
});
