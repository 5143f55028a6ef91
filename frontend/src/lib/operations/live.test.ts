import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeSource, fakeBrowser } from '#lib/live/fake-source.ts';
import { oneAtATime, watch } from './live.ts';

let page: EventTarget & { hidden: boolean };
const stream = () => FakeSource.last;

beforeEach(() => {
	page = fakeBrowser();
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

describe('watch', () => {
	it('asks when the stream is there and when something happened, and not otherwise', async () => {
		const load = vi.fn(async () => undefined);
		const stop = watch(['run:1', 'runs'], load);
		expect(stream().url).toBe('/events/?topic=run%3A1&topic=runs');
		stream().say('ready');
		expect(load).toHaveBeenCalledTimes(1);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(load).toHaveBeenCalledTimes(1);
		stream().say('run', { topic: 'run:1', data: {} }, 'e-1');
		expect(load).toHaveBeenCalledTimes(2);
		stop();
		expect(stream().readyState).toBe(FakeSource.CLOSED);
	});

	it('asks every second while the stream is down', async () => {
		const load = vi.fn(async () => undefined);
		watch(['run:1'], load);
		stream().say('ready');
		await vi.advanceTimersByTimeAsync(5000);
		stream().say('error');
		await vi.advanceTimersByTimeAsync(3500);
		const asked = load.mock.calls.length;
		expect(asked).toBeGreaterThanOrEqual(3);
		page.hidden = true;
		await vi.advanceTimersByTimeAsync(5000);
		expect(load).toHaveBeenCalledTimes(asked);
		page.hidden = false;
		stream().say('ready');
		await vi.advanceTimersByTimeAsync(1000);
		const again = load.mock.calls.length;
		await vi.advanceTimersByTimeAsync(5000);
		expect(load).toHaveBeenCalledTimes(again);
	});

	it('asks no more once it is left', async () => {
		const load = vi.fn(async () => undefined);
		const stop = watch(['run:1'], load);
		stream().say('error');
		stop();
		await vi.advanceTimersByTimeAsync(5000);
		expect(load).not.toHaveBeenCalled();
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
