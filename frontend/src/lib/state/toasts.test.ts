import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Toasts } from './toasts.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Toasts', () => {
	it('go away by themselves, those with something to press later', () => {
		const toasts = new Toasts();
		toasts.show('Saved');
		toasts.show('Deleted', { action: { label: 'Undo', run: () => {} } });
		vi.advanceTimersByTime(5000);
		expect(toasts.items.map((toast) => toast.text)).toEqual(['Deleted']);
		vi.advanceTimersByTime(5000);
		expect(toasts.items).toEqual([]);
	});

	it('run their action once and are gone', () => {
		const toasts = new Toasts();
		const run = vi.fn();
		toasts.show('Deleted', { action: { label: 'Undo', run } });
		const [toast] = toasts.items;
		if (toast) toasts.act(toast);
		expect(run).toHaveBeenCalledOnce();
		expect(toasts.items).toEqual([]);
	});

	it('can be dismissed one by one', () => {
		const toasts = new Toasts();
		const first = toasts.error('One');
		toasts.success('Two');
		toasts.dismiss(first);
		expect(toasts.items.map(({ text, tone }) => [text, tone])).toEqual([['Two', 'success']]);
	});
});
