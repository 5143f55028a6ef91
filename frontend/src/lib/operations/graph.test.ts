import { describe, expect, it } from 'vitest';
import type { StepOut } from '#lib/api/index.ts';
import { fan, inWords, nodes, took } from './graph.ts';
import { stateOf } from './terms.ts';

const step = (key: string, more: Partial<StepOut> = {}): StepOut => ({
	position: 0,
	key,
	kind: 'call',
	state: 'succeeded',
	attempt: 1,
	started_at: null,
	finished_at: null,
	wake_at: null,
	error: '',
	undoes: null,
	items: null,
	log: [],
	...more
});

describe('nodes', () => {
	it('keep the order, without a way back when nothing was undone', () => {
		const line = nodes([step('a'), step('b')]);
		expect(line.map(({ step, onWayBack }) => [step.key, onWayBack])).toEqual([
			['a', false],
			['b', false]
		]);
	});

	it('lead back from the last step to the first that was undone', () => {
		const undo = step('b', { kind: 'undo', undoes: 'b' });
		const line = nodes([step('a'), step('b'), step('c', { state: 'failed' }), undo]);
		expect(line.map(({ undo, onWayBack }) => [undo?.key, onWayBack])).toEqual([
			[undefined, false],
			['b', true],
			[undefined, true]
		]);
	});
});

describe('fan', () => {
	it('draws one path for each state, however many items there are', () => {
		const { squares, width, height } = fan([
			{ state: 'succeeded', count: 700 },
			{ state: 'running', count: 4 },
			{ state: 'succeeded', count: 1 },
			{ state: 'pending', count: 95 }
		]);
		expect(squares.map(({ state }) => state)).toEqual(['succeeded', 'running', 'pending']);
		expect(squares.map(({ d }) => d.split('M').length - 1)).toEqual([701, 4, 95]);
		expect([width, height]).toEqual([36 + 40 * 14 - 3, 20 * 14 - 3]);
	});

	it('puts each item in its place', () => {
		const { squares } = fan([
			{ state: 'failed', count: 41 },
			{ state: 'pending', count: 1 }
		]);
		expect(squares[0]?.d.startsWith('M36 0h')).toBe(true);
		expect(squares[1]?.d).toBe('M50 14h11v11h-11z');
	});

	it('is small for a few, and there for none', () => {
		expect(fan([{ state: 'running', count: 2 }]).width).toBe(36 + 2 * 14 - 3);
		expect(fan([])).toMatchObject({ squares: [], height: 11 });
	});
});

describe('took', () => {
	const from = '2026-01-01T00:00:00Z';

	it.each([
		['2026-01-01T00:00:00.430Z', '0.4 s'],
		['2026-01-01T00:00:12.3Z', '12 s'],
		['2026-01-01T00:03:05Z', '3 min 5 s'],
		['2026-01-01T02:10:00Z', '2 h 10 min']
	])('until %s is %s', (to, text) => {
		expect(took(from, to)).toBe(text);
	});

	it('counts until now, and never backwards', () => {
		expect(took(from, null, Date.parse(from) + 3000)).toBe('3.0 s');
		expect(took(from, null, Date.parse(from) - 3000)).toBe('0.0 s');
	});
});

describe('a step', () => {
	it('is at work while it waits for its items, and not while it waits for the world', () => {
		expect(stateOf({ kind: 'map', state: 'waiting' })).toBe('running');
		expect(stateOf({ kind: 'wait', state: 'waiting' })).toBe('waiting');
		expect(stateOf({ kind: 'call', state: 'failed' })).toBe('failed');
	});

	it('is called by its key', () => {
		expect(inWords('add orders')).toBe('Add orders');
		expect(inWords('fetch_all')).toBe('Fetch all');
	});
});
