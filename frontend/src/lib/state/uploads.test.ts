import { expect, it, vi } from 'vitest';
import { LIMITS, Problem } from '#lib/api/index.ts';
import { Uploads } from './uploads.svelte.ts';

const picture = (name: string) => new File(['x'], name, { type: 'image/png' });

it('sends one after the other and hands on what came back', async () => {
	const running: string[] = [];
	const added: string[] = [];
	const uploads = new Uploads<string>(
		async (file) => {
			running.push(`start ${file.name}`);
			await Promise.resolve();
			running.push(`end ${file.name}`);
			return file.name;
		},
		(name) => added.push(name)
	);
	await uploads.add([picture('a.png'), picture('b.png')]);
	expect(running).toEqual(['start a.png', 'end a.png', 'start b.png', 'end b.png']);
	expect(added).toEqual(['a.png', 'b.png']);
	expect(uploads.items).toEqual([]);
});

it('keeps what failed, with the reason, and goes on with the next', async () => {
	const refused = new Problem({
		title: 'Check',
		status: 422,
		errors: [{ field: 'file', message: 'Too many pixels.' }]
	});
	const added: string[] = [];
	const uploads = new Uploads<string>(
		async (file) => {
			if (file.name === 'bomb.png') throw refused;
			return file.name;
		},
		(name) => added.push(name)
	);
	await uploads.add([picture('bomb.png'), picture('fine.png')]);
	expect(uploads.items.map(({ name, error }) => [name, error])).toEqual([
		['bomb.png', 'Too many pixels.']
	]);
	expect(added).toEqual(['fine.png']);
});

it('takes a picture as large as the server does, and no larger', async () => {
	const send = vi.fn(async () => 'sent');
	const uploads = new Uploads<string>(send, () => {});
	const weighing = (size: number) =>
		Object.defineProperty(picture('large.png'), 'size', { value: size });
	await uploads.add([weighing(LIMITS.imageBytes), weighing(LIMITS.imageBytes + 1)]);
	expect(send).toHaveBeenCalledTimes(1);
	expect(uploads.items.map(({ error }) => error)).toEqual(['The picture is larger than 12 MB.']);
});

it('does not send what is no picture', async () => {
	const send = vi.fn(async () => 'never');
	const uploads = new Uploads<string>(send, () => {});
	await uploads.add([new File(['x'], 'notes.txt', { type: 'text/plain' })]);
	expect(send).not.toHaveBeenCalled();
	expect(uploads.items[0]?.error).toBe('This is not a picture.');
});
