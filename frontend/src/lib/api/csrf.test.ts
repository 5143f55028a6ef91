import { describe, expect, it, vi } from 'vitest';
import { CsrfToken, readToken } from './csrf.ts';

describe('readToken', () => {
	it('finds the token among other cookies', () => {
		expect(readToken('a=1; csrftoken=secret; b=2')).toBe('secret');
		expect(readToken('csrftoken=first')).toBe('first');
		expect(readToken('a=1; __Host-csrftoken=secure')).toBe('secure');
		expect(readToken('xcsrftoken=other')).toBeUndefined();
	});
});

describe('CsrfToken', () => {
	it('asks the server once, however many writes wait', async () => {
		let cookies = '';
		const ask = vi.fn(async () => {
			cookies = 'csrftoken=fresh';
		});
		const token = new CsrfToken(() => cookies, ask);
		expect(await Promise.all([token.get(), token.get()])).toEqual(['fresh', 'fresh']);
		expect(await token.get()).toBe('fresh');
		expect(ask).toHaveBeenCalledOnce();
	});

	it('asks again after a failure', async () => {
		const ask = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValue(undefined);
		const token = new CsrfToken(() => '', ask);
		await expect(token.get()).rejects.toThrow('offline');
		expect(await token.get()).toBeUndefined();
		expect(ask).toHaveBeenCalledTimes(2);
	});
});
