import { beforeEach, expect, it } from 'vitest';
import { Problem } from '#lib/api/index.ts';
import { Edit } from './edit.svelte.ts';

type Fields = { notes: string; serial: string };
type Row = Fields & { version: number };

/** A table with one row and the version check of the server. */
let stored: Row;

const source = {
	fields: ({ notes, serial }: Row): Fields => ({ notes, serial }),
	read: async () => ({ ...stored }),
	write: async (version: number, changes: Partial<Fields>) => {
		if (version !== stored.version) {
			throw new Problem({ type: '/problems/stale-write', title: 'Stale', status: 409 });
		}
		stored = { ...stored, ...changes, version: version + 1 };
		return stored;
	}
};

const somebodyElse = (changes: Partial<Fields>) => {
	stored = { ...stored, ...changes, version: stored.version + 1 };
};

beforeEach(() => {
	stored = { notes: 'old', serial: '100', version: 1 };
});

it('sends only what changed', async () => {
	const edit = new Edit(stored, source);
	edit.draft.notes = 'mine';
	expect(edit.changes).toEqual({ notes: 'mine' });
	await edit.save();
	expect(stored).toEqual({ notes: 'mine', serial: '100', version: 2 });
});

it('merges changes of different fields without asking', async () => {
	const edit = new Edit(stored, source);
	edit.draft.notes = 'mine';
	somebodyElse({ serial: '200' });
	await edit.save();
	expect(stored).toEqual({ notes: 'mine', serial: '200', version: 3 });
});

it('asks when both changed the same field, and loses neither meanwhile', async () => {
	const edit = new Edit(stored, source);
	edit.draft.notes = 'mine';
	somebodyElse({ notes: 'theirs' });
	expect(await edit.save()).toBeUndefined();
	expect(edit.conflicts).toEqual([{ field: 'notes', theirs: 'theirs', mine: 'mine' }]);
	expect(stored.notes).toBe('theirs');
	expect(edit.draft.notes).toBe('mine');
});

it('overwrites theirs only after that was decided', async () => {
	const edit = new Edit(stored, source);
	edit.draft.notes = 'mine';
	somebodyElse({ notes: 'theirs' });
	await edit.save();
	for (const conflict of edit.conflicts) edit.keepMine(conflict);
	await edit.save();
	expect(stored).toEqual({ notes: 'mine', serial: '100', version: 3 });
});

it('takes theirs', async () => {
	const edit = new Edit(stored, source);
	edit.draft.notes = 'mine';
	somebodyElse({ notes: 'theirs' });
	await edit.save();
	for (const conflict of edit.conflicts) edit.takeTheirs(conflict);
	await edit.save();
	expect(stored.notes).toBe('theirs');
	expect(edit.conflicts).toEqual([]);
});

it('is no conflict when both wrote the same', async () => {
	const edit = new Edit(stored, source);
	edit.draft.notes = 'same';
	somebodyElse({ notes: 'same' });
	expect(await edit.save()).toMatchObject({ notes: 'same' });
});
