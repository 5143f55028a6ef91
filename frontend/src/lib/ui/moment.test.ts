import { describe, expect, it } from 'vitest';
import { ago, duration, formatMoment } from './moment.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

describe('formatMoment', () => {
	it('tells the day of the reader, not of the server', () => {
		const lateEvening = '2026-11-20T23:30:00Z';
		expect(formatMoment(lateEvening, 'date', 'Europe/Berlin')).toBe('21 Nov 2026');
		expect(formatMoment(lateEvening, 'date', 'America/Chicago')).toBe('20 Nov 2026');
	});
});

describe('ago', () => {
	it.each([
		['2026-11-20T11:59:30Z', 'just now'],
		['2026-11-20T11:45:00Z', '15 minutes ago'],
		['2026-11-20T09:00:00Z', '3 hours ago'],
		['2026-11-19T11:00:00Z', 'yesterday'],
		['2026-11-10T12:00:00Z', '10 days ago'],
		['2026-10-01T12:00:00Z', '1 Oct 2026']
	])('%s was %s', (at, expected) => {
		expect(ago(at, NOW, 'UTC')).toBe(expected);
	});
});

describe('duration', () => {
	it.each([
		[5, '5 min'],
		[60, '1 h'],
		[95, '1 h 35 min']
	])('%d minutes are %s', (minutes, expected) => {
		expect(duration(minutes)).toBe(expected);
	});
});
