import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { follow, oneAtATime } from './live.ts';

let hidden = false;
let seen: (() => void) | undefined;

beforeEach(() => {
	hidden = false;
	seen = undefined;
	vi.useFakeTimers();
	vi.stubGlobal('document', {
		get hidden() {
			return hidden;
		},
		addEventListener: (_: string, tell: () => void) => {
			seen = tell;
		},
		removeEventListener: () => {
			seen = undefined;
		}
	});
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

describe('follow', () => {
	it('looks at once, then every second, until it is stopped', async () => {
		const look = vi.fn(async () => true);
		const stop = follow(look);
		expect(look).toHaveBeenCalledTimes(1);
		await vi.advanceTimersByTimeAsync(2000);
		expect(look).toHaveBeenCalledTimes(3);
		stop();
		await vi.advanceTimersByTimeAsync(5000);
		expect(look).toHaveBeenCalledTimes(3);
		expect(seen).toBeUndefined();
	});

	it('ends when there is nothing more to come', async () => {
		const look = vi.fn(async () => false);
		follow(look);
		await vi.advanceTimersByTimeAsync(5000);
		expect(look).toHaveBeenCalledTimes(1);
		expect(seen).toBeUndefined();
	});

	it('waits for a slow answer before it looks again', async () => {
		let answer = (_: boolean) => {};
		const look = vi.fn(() => new Promise<boolean>((resolve) => (answer = resolve)));
		follow(look);
		await vi.advanceTimersByTimeAsync(5000);
		seen?.();
		expect(look).toHaveBeenCalledTimes(1);
		answer(true);
		await vi.advanceTimersByTimeAsync(1000);
		expect(look).toHaveBeenCalledTimes(2);
	});

	it('rests while nobody sees the page', async () => {
		const look = vi.fn(async () => true);
		follow(look);
		await vi.advanceTimersByTimeAsync(0);
		hidden = true;
		await vi.advanceTimersByTimeAsync(60_000);
		expect(look).toHaveBeenCalledTimes(1);
		hidden = false;
		seen?.();
		expect(look).toHaveBeenCalledTimes(2);
	});
});

describe('oneAtATime', () => {
	it('looks at once, and once more a second later for all that came meanwhile', async () => {
		const look = vi.fn(async () => undefined);
		const ask = oneAtATime(look);
		ask();
		ask();
		ask();
		expect(look).toHaveBeenCalledTimes(1);
		await vi.advanceTimersByTimeAsync(1000);
		expect(look).toHaveBeenCalledTimes(2);
		await vi.advanceTimersByTimeAsync(5000);
		expect(look).toHaveBeenCalledTimes(2);
		ask();
		expect(look).toHaveBeenCalledTimes(3);
	});
});
