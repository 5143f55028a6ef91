import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import { Resource } from './resource.svelte.ts';

const wait = <T>(value: T, ms: number) =>
	new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Resource', () => {
	it('keeps the newest answer when an older one arrives later', async () => {
		const resource = new Resource<string>(() => wait('old', 500));
		const first = resource.load();
		const second = resource.load(() => wait('new', 100));
		await vi.advanceTimersByTimeAsync(1000);
		await Promise.all([first, second]);
		expect(resource.data).toBe('new');
		expect(resource.loading).toBe(false);
	});

	it('aborts the older request', () => {
		const signals: AbortSignal[] = [];
		const resource = new Resource((signal) => {
			signals.push(signal);
			return wait('x', 10);
		});
		resource.load();
		resource.load();
		expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
	});

	it('asks for a skeleton only after 200 ms, and never over data', async () => {
		const resource = new Resource<string>(() => wait('x', 1000));
		const loading = resource.load();
		await vi.advanceTimersByTimeAsync(199);
		expect(resource.slow).toBe(false);
		await vi.advanceTimersByTimeAsync(2);
		expect(resource.slow).toBe(true);
		await vi.advanceTimersByTimeAsync(1000);
		await loading;
		expect(resource.slow).toBe(false);
		resource.load();
		await vi.advanceTimersByTimeAsync(500);
		expect(resource.slow).toBe(false);
	});

	it('leaves equal data untouched', async () => {
		const initial = { items: [1] };
		const resource = new Resource(async () => ({ items: [1] }), initial);
		await resource.load();
		expect(resource.data).toBe(initial);
	});

	it('keeps its data when a reload fails', async () => {
		const offline = new Problem({ title: 'No connection', status: 0 });
		const resource = new Resource<string>(() => Promise.reject(offline), 'before');
		await resource.load();
		expect(resource.data).toBe('before');
		expect(resource.problem).toBe(offline);
	});

	it('shows a change at once and takes it back when the server refuses', async () => {
		const resource = new Resource<number[]>(async () => [], [1]);
		const change = resource.optimistically(
			(list) => [...list, 2],
			() => wait(undefined, 50).then(() => Promise.reject(new Error('refused')))
		);
		expect(resource.data).toEqual([1, 2]);
		const refused = expect(change).rejects.toThrow('refused');
		await vi.advanceTimersByTimeAsync(50);
		await refused;
		expect(resource.data).toEqual([1]);
	});

	it('does not take back data that is newer than the refused change', async () => {
		const resource = new Resource<number[]>(async () => [9], [1]);
		const change = resource.optimistically(
			(list) => [...list, 2],
			() => wait(undefined, 50).then(() => Promise.reject(new Error('refused')))
		);
		const refused = expect(change).rejects.toThrow('refused');
		await resource.load();
		await vi.advanceTimersByTimeAsync(50);
		await refused;
		expect(resource.data).toEqual([9]);
	});

	it('takes the confirmed data over the expected', async () => {
		const resource = new Resource<number[]>(async () => [], [1]);
		await resource.optimistically(
			(list) => [...list, 2],
			async () => [1, 2, 3]
		);
		expect(resource.data).toEqual([1, 2, 3]);
	});
});
