import { expect, it } from 'vitest';
import { Problem } from '#lib/api/index.ts';
import { Form } from './form.svelte.ts';

const refused = new Problem({
	title: 'Check the form',
	status: 422,
	errors: [
		{ field: 'name', message: 'Too long.' },
		{ field: 'version', message: 'Is missing.' }
	]
});

it('gives each message its place', async () => {
	const form = new Form(['name']);
	expect(await form.send(() => Promise.reject(refused))).toBeUndefined();
	expect(form.errors('name')).toEqual(['Too long.']);
	expect(form.message).toBe('Is missing.');
});

it('forgets the old problem when it is sent again', async () => {
	const form = new Form();
	await form.send(() => Promise.reject(refused));
	expect(await form.send(async () => 'saved')).toBe('saved');
	expect(form.problem).toBeUndefined();
});

it('is not sent twice by two quick clicks', async () => {
	const form = new Form();
	let sent = 0;
	const action = async () => {
		sent += 1;
	};
	await Promise.all([form.send(action), form.send(action)]);
	expect(sent).toBe(1);
	expect(form.busy).toBe(false);
});
