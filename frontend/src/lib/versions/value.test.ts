import { describe, expect, it } from 'vitest';
import { inWords, nameInWords } from './value.ts';

describe('values in words', () => {
	it('has no words for what is empty', () => {
		expect([null, undefined, ''].map(inWords)).toEqual([null, null, null]);
	});

	it('says the rest, zero and false too', () => {
		expect([0, false, true, 'Elm', [1, 2]].map(inWords)).toEqual([
			'0',
			'No',
			'Yes',
			'Elm',
			'[1,2]'
		]);
	});

	it('names fields and models', () => {
		expect(['opens_at', 'park_id', 'parks.Park'].map(nameInWords)).toEqual([
			'Opens at',
			'Park',
			'Park'
		]);
	});
});
