import { describe, expect, it } from 'vitest';
import type { MachineCard } from '#lib/api/index.ts';
import { applyFilter, byDecade, readFilter, writeFilter } from './collection.ts';

const machine = (name: string, year: number, more: Partial<MachineCard> = {}): MachineCard => ({
	id: name,
	slug: name.toLowerCase(),
	asset_number: `M-${year}`,
	name,
	manufacturer: 'Gottlieb',
	year,
	era: 'em',
	players: 1,
	designer: 'Wayne Neyens',
	status: 'good',
	location: { id: 'l', slug: 'hall', name: 'Hall', zone: 'floor' },
	photo: null,
	open_reports: 0,
	updated_at: '2026-01-01T00:00:00Z',
	...more
});

const machines = [
	machine('Ace High', 1957),
	machine('Medieval Madness', 1997, {
		manufacturer: 'Williams',
		designer: 'Brian Eddy',
		era: 'dmd',
		status: 'broken'
	}),
	machine('Théâtre of Magic', 1995, {
		manufacturer: 'Bally',
		designer: 'John Popadiuk',
		era: 'dmd'
	})
];

const names = (query: string) =>
	applyFilter(machines, readFilter(new URLSearchParams(query))).map(({ name }) => name);

describe('the filter in the address bar', () => {
	it.each([
		['', ['Ace High', 'Medieval Madness', 'Théâtre of Magic']],
		['q=MADNESS', ['Medieval Madness']],
		['q=THÉÂTRE', ['Théâtre of Magic']],
		['q=bally 1995', ['Théâtre of Magic']],
		['q=199', ['Medieval Madness', 'Théâtre of Magic']],
		['q=popadiuk', ['Théâtre of Magic']],
		['q=m-1957', ['Ace High']],
		['q=nothing', []],
		['status=broken', ['Medieval Madness']],
		['era=dmd&sort=year', ['Théâtre of Magic', 'Medieval Madness']],
		['manufacturer=Gottlieb', ['Ace High']],
		['decade=1990&sort=-year', ['Medieval Madness', 'Théâtre of Magic']],
		['sort=status', ['Ace High', 'Théâtre of Magic', 'Medieval Madness']],
		['sort=nonsense', ['Ace High', 'Medieval Madness', 'Théâtre of Magic']]
	])('%s', (query, expected) => {
		expect(names(query)).toEqual(expected);
	});

	it('is written as it was read, and shorter when it says nothing', () => {
		const query = '?q=bally&status=good&decade=1990&sort=-year';
		expect(writeFilter(readFilter(new URLSearchParams(query)))).toBe(query);
		expect(writeFilter(readFilter(new URLSearchParams('?q=&sort=name')))).toBe('');
	});

	it('leaves the list it was given alone', () => {
		const before = [...machines];
		applyFilter(machines, readFilter(new URLSearchParams('sort=year')));
		expect(machines).toEqual(before);
	});
});

describe('byDecade', () => {
	it('leaves no decade out', () => {
		const decades = byDecade(machines).map(({ decade, machines }) => [decade, machines.length]);
		expect(decades).toEqual([
			[1950, 1],
			[1960, 0],
			[1970, 0],
			[1980, 0],
			[1990, 2]
		]);
	});

	it('has nothing to say about nothing', () => {
		expect(byDecade([])).toEqual([]);
	});
});
