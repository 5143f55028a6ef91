import { describe, expect, it } from 'vitest';
import { asProblem, Problem, toProblem } from './problem.ts';

const response = (status: number) => new Response(null, { status });

describe('toProblem', () => {
	it('keeps what the server said', () => {
		const body = {
			type: '/problems/validation',
			title: 'Check the form',
			status: 422,
			detail: '',
			errors: [{ field: 'name', message: 'Give it a name.' }]
		};
		const problem = toProblem(body, response(422));
		expect(problem).toBeInstanceOf(Problem);
		expect(problem).toMatchObject({ title: 'Check the form', status: 422, errors: body.errors });
	});

	it('says offline when no answer came', () => {
		expect(toProblem(new TypeError('Failed to fetch'))).toMatchObject({ status: 0, offline: true });
	});

	it('leaves our own mistakes what they are', () => {
		const mistake = new Error('no snapshot');
		expect(toProblem(mistake)).toBe(mistake);
	});

	it.each([['<html>Bad gateway</html>'], [''], [{ errors: 'nonsense' }], [null]])(
		'makes a problem of an answer that is none: %j',
		(body) => {
			expect(toProblem(body, response(502))).toMatchObject({ status: 502, errors: [] });
		}
	);

	it('lets an abort be an abort', () => {
		const abort = new DOMException('stop', 'AbortError');
		expect(toProblem(abort)).toBe(abort);
	});
});

describe('Problem', () => {
	const problem = new Problem({
		title: 'Check the form',
		status: 422,
		errors: [
			{ field: 'name', message: 'Too long.' },
			{ field: 'version', message: 'Missing.' }
		]
	});

	it.each([
		[0, true],
		[408, true],
		[429, true],
		[500, true],
		[503, true],
		[403, false],
		[409, false],
		[422, false]
	])('%i may pass by itself: %s', (status, temporary) => {
		expect(new Problem({ title: '', status }).temporary).toBe(temporary);
	});

	it('gives a field its messages', () => {
		expect(problem.of('name')).toEqual(['Too long.']);
		expect(problem.of('year')).toEqual([]);
	});

	it('says above the form what no field can show', () => {
		expect(problem.rest(['name'])).toBe('Missing.');
		expect(problem.rest(['name', 'version'])).toBe('');
		expect(new Problem({ title: 'Try later', status: 429 }).rest(['name'])).toBe('Try later');
	});

	it('is made of any error', () => {
		expect(asProblem(new Error('oops')).message).toBe('oops');
		expect(asProblem(problem)).toBe(problem);
	});
});
